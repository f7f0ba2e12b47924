import { describe, expect, it } from '@jest/globals'
import { startIngest } from './ingest.ts'
import { withKey } from './with-key.ts'

/** Events that keep the quota used up until the test has ended. */
const MANY = JSON.stringify(Array.from({ length: 5000 }, () => ({})))

/** By route: the type that its clients send, the status at which they keep their data, and what the answer is. */
const ROUTES = [
  ['/log', 'application/json', 429, /^application\/problem\+json/, /"code":"quota_exceeded"/],
  ['/cloudevents', 'application/cloudevents+json', 429, /^application\/problem\+json/, /"quota_exceeded"/],
  ['/gelf', 'application/json', 429, /^application\/problem\+json/, /"code":"quota_exceeded"/],
  ['/v1/logs', 'application/json', 429, /^application\/json/, /^\{"code":8,/],
  ['/v1/logs', 'application/x-protobuf', 429, /^application\/x-protobuf/, /quota_exceeded/],
  // JSON without results is dropped by clients of _bulk, and so is everything at 429.
  ['/_bulk', 'application/x-ndjson', 503, /^text\/plain/, /^quota_exceeded: /],
  ['/a/_doc', 'application/json', 503, /^application\/json/, /"type":"es_rejected_execution_exception"/],
  ['/loki/api/v1/push', 'application/json', 503, /^text\/plain/, /^quota_exceeded: /],
  ['/api/v1/write', 'application/x-protobuf', 503, /^text\/plain/, /quota/],
  ['/api/v2/write', 'text/plain', 503, /^application\/json/, /"code":"unavailable"/],
  ['/write', 'text/plain', 503, /^application\/json/, /"error":/],
  ['/services/collector', 'application/json', 503, /^application\/json/, /"code":9/],
  ['/upload', 'application/vnd.fdo.journal', 503, /^text\/plain/, /quota/],
] as const

describe('a request over the quota of its key', () => {
  it('is refused by every protocol with what its clients send again later, and says when', async () => {
    const { httpOptions, text } = withKey(['logs:write', 'metrics:write', 'products:write'], {
      quotas: { events: 1 },
    })
    const authorization = `Bearer ${text}`
    await using ingest = await startIngest({ httpOptions })
    expect((await ingest.post('/log', MANY, { authorization })).statusCode).toBe(202)
    for (const [url, type, status, contentType, body] of ROUTES) {
      const answer = await ingest.post(url, '{}', { authorization, 'content-type': type })
      expect([url, answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
        ...[url, status, expect.stringMatching(contentType), expect.stringMatching(body)],
      ])
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
  })
})

import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
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
      expect([url, answer.headers['ratelimit']]).toEqual([url, expect.stringMatching(/^"events";r=0;t=\d+$/)])
      expect(answer.headers['ratelimit-policy']).toBe('"events";q=1;w=1')
    }
  })

  it('is refused document by document by _bulk, for its clients send single documents again', async () => {
    const { httpOptions, text } = withKey(['logs:write'], { quotas: { events: 1 } })
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/x-ndjson' }
    await using ingest = await startIngest({ httpOptions })
    const bulk = (count: number) => '{"create":{"_id":"a"}}\n{"message":"m"}\n'.repeat(count)
    expect((await ingest.post('/shop/_bulk', bulk(5000), headers)).statusCode).toBe(200)
    const answer = await ingest.post('/shop/_bulk', `${bulk(1)}{"delete":{"_id":"b"}}\n`, headers)
    expect([answer.statusCode, answer.headers['x-elastic-product']]).toEqual([200, 'Elasticsearch'])
    const error = { type: 'es_rejected_execution_exception', code: 'quota_exceeded' }
    expect(answer.json()).toMatchObject({
      errors: true,
      items: [
        { create: { _index: 'shop', _id: 'a', status: 429, error } },
        { delete: { _index: 'shop', _id: 'b', status: 429, error } },
      ],
    })
    expect(answer.headers['ratelimit']).toMatch(/^"events";r=0;t=/)
    const unreadable = await ingest.post('/shop/_bulk', 'x\n', headers)
    expect(unreadable.statusCode).toBe(400)
    await eventually(() => ingest.consumed.length === 5000)
  })
})

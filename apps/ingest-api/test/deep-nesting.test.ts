import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { expectProblem } from './expect-problem.ts'
import { startIngest, type Ingest } from './ingest.ts'

/** JSON is read to any depth, and written only until the stack is exhausted. */
const deep = '['.repeat(20_000) + ']'.repeat(20_000)

const gelf = (text: string, more = '1') => `{"short_message":"${text}","_more":${more}}`
const hec = (text: string, more = '1') => `{"event":"${text}","fields":{"more":${more}}}`
const NANOS = '1795953600123456789'
const entry = (text: string, more = '1') => `["${NANOS}","${text}",{"more":${more}}]`
const cloud = (text: string, more = '1') =>
  `{"specversion":"1.0","id":"${text}","source":"/shop","type":"a.b","data":{"message":"${text}","more":${more}}}`
const JSON_TYPE = { 'content-type': 'application/json' }
const ONE_CLOUD = { 'content-type': 'application/cloudevents+json' }
const CLOUD_BATCH = { 'content-type': 'application/cloudevents-batch+json' }
const BINARY = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/shop', 'ce-type': 'a.b' }

async function messagesOf(ingest: Ingest, count: number): Promise<unknown[]> {
  await eventually(() => ingest.consumed.length >= count)
  return ingest.consumed.map(({ data }) => (data as { message?: unknown }).message)
}

describe('what is nested too deeply', () => {
  it.each<[string, string, string, Record<string, string>]>([
    ['a message of GELF', '/gelf', gelf('m', deep), {}],
    ['a CloudEvent', '/cloudevents', cloud('m', deep), ONE_CLOUD],
    ['the body of a CloudEvent', '/cloudevents', deep, { ...BINARY, ...JSON_TYPE }],
    [
      'the Base64 of a CloudEvent',
      '/cloudevents',
      `{"specversion":"1.0","id":"1","source":"/s","type":"a.b","data_base64":"${btoa(deep)}"}`,
      ONE_CLOUD,
    ],
  ])('is refused as such: %s', async (_, url, body, headers) => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post(url, body, headers), 400, 'too_deep')
  })

  it.each<[string, string, string, Record<string, string>]>([
    ['a line of GELF', '/gelf', [gelf('a'), gelf('x', deep), gelf('b')].join('\n'), {}],
    ['an event of the HTTP Event Collector', '/services/collector', hec('a') + hec('x', deep) + hec('b'), {}],
    [
      'a CloudEvent in a batch',
      '/cloudevents',
      `[${cloud('a')},${cloud('x', deep)},${cloud('b')}]`,
      CLOUD_BATCH,
    ],
    [
      'an entry of Loki',
      '/loki/api/v1/push',
      `{"streams":[{"stream":{},"values":[${entry('a')},${entry('x', deep)},${entry('b')}]}]}`,
      JSON_TYPE,
    ],
    [
      'a stream of Loki',
      '/loki/api/v1/push',
      `{"streams":[{"stream":{},"values":[${entry('a')}]},{"stream":{"l":${deep}},"values":[${entry('x')}]},` +
        `{"stream":{},"values":[${entry('b')}]}]}`,
      JSON_TYPE,
    ],
  ])('costs itself alone: %s', async (_, url, body, headers) => {
    await using ingest = await startIngest()
    expect((await ingest.post(url, body, headers)).statusCode).toBeLessThan(500)
    expect(await messagesOf(ingest, 2)).toEqual(['a', 'b'])
    // Bodies larger than an event are taken apart before they are parsed.
    await using taking = await startIngest({ env: { EVENT_LIMIT_BYTES: String(body.length - 1) } })
    expect((await taking.post(url, body, headers)).statusCode).toBeLessThan(500)
    expect(await messagesOf(taking, 2)).toEqual(['a', 'b'])
  })
})

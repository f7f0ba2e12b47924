import { describe, expect, it } from '@jest/globals'
import { DEFAULT_FORMATS } from '../src/formats/default-formats.ts'
import { startIngest } from './ingest.ts'

const ROUTES = DEFAULT_FORMATS.flatMap(({ name, mediaTypes, routes }) =>
  routes.map(({ method = 'POST', url }) => ({
    ...{ name, method: method as 'POST' | 'PUT', url: url.replace(/:\w+/g, '1') },
    type: mediaTypes.find((type) => type !== '*') ?? 'application/json',
  })),
)

const expected = expect.stringContaining('The parameter wait is not valid')

describe('?wait= with another value than stored', () => {
  it('is refused by every route of every format', async () => {
    await using ingest = await startIngest()
    for (const { name, method, url, type } of ROUTES) {
      for (const wait of ['later', '', 'stored&wait=stored']) {
        const headers = { 'content-type': type }
        const request = { method, url: `${url}?wait=${wait}`, payload: '{}', headers }
        expect([name, url, wait, (await ingest.inject(request)).statusCode]).toEqual([name, url, wait, 400])
      }
    }
    expect(ingest.consumed).toEqual([])
  })

  it.each([
    ['/_bulk', { error: { type: 'illegal_argument_exception', reason: expected }, status: 400 }],
    ['/a/_doc', { error: { type: 'illegal_argument_exception', reason: expected }, status: 400 }],
    ['/cloudevents', { code: 'invalid_field', field: 'wait', detail: expected }],
    ['/gelf', { code: 'invalid_field', field: 'wait', detail: expected }],
    ['/v1/logs', { code: 3, message: expected }],
    ['/services/collector', { code: 6, text: 'Invalid data format', detail: expected }],
    ['/api/v2/write', { code: 'invalid', message: expected }],
    ['/write', { error: expected }],
  ])('is refused by %s in the words of its protocol', async (url, words) => {
    await using ingest = await startIngest()
    expect((await ingest.post(`${url}?wait=later`, '{}')).json()).toMatchObject(words)
  })

  it.each([
    ['/loki/api/v1/push', 'application/json'],
    ['/api/v1/write', 'application/x-protobuf'],
    ['/upload', 'application/vnd.fdo.journal'],
  ])('is refused by %s in a sentence', async (url, type) => {
    await using ingest = await startIngest()
    const answer = await ingest.post(`${url}?wait=later`, '{}', { 'content-type': type })
    expect([answer.headers['content-type'], answer.body]).toEqual([
      expect.stringMatching(/^text\/plain/),
      expected,
    ])
  })
})

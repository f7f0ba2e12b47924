import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { deflateSync, gzipSync } from 'node:zlib'
import { expectProblem } from './expect-problem.ts'
import { startIngest } from './ingest.ts'

const message = (text: string, more: object = {}) =>
  JSON.stringify({ version: '1.1', host: 'web-1', short_message: text, timestamp: 1795953600.5, ...more })

describe('GELF over HTTP', () => {
  it('keeps a message, and answers 202 with an empty body', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/gelf', message('disk full', { level: 4, _order: 17 }))
    expect([answer.statusCode, answer.body]).toEqual([202, ''])
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed[0]).toMatchObject({
      kind: 'logs',
      data: {
        timestamp: '2026-11-29T12:00:00.5Z',
        level: 'warn',
        service: 'web-1',
        message: 'disk full',
        attributes: { host: 'web-1', order: 17 },
      },
    })
  })

  it.each([
    ['gzip without a header', gzipSync(message('m')), {}],
    ['zlib without a header', deflateSync(message('m')), {}],
    ['zlib of another effort', deflateSync(message('m'), { level: 1 }), {}],
    ['gzip with its header', gzipSync(message('m')), { 'content-encoding': 'gzip' }],
    ['NUL behind it, as over TCP', Buffer.from(`${message('m')}\0`), {}],
    ['lines and NUL behind them', Buffer.from(`${message('m')}\n\0`), {}],
    ['another content type', Buffer.from(message('m')), { 'content-type': 'application/octet-stream' }],
  ])('takes %s', async (_, body, headers) => {
    await using ingest = await startIngest()
    expect((await ingest.post('/gelf', body, headers)).statusCode).toBe(202)
    await eventually(() => ingest.consumed.length === 1)
  })

  it('takes a message a line, and names the invalid lines', async () => {
    await using ingest = await startIngest()
    const good = [message('a'), message('b')].join('\r\n\n')
    expect((await ingest.post('/gelf', good)).body).toBe('')
    const bytes = Buffer.concat([
      Buffer.from(`${message('c')}\n{"_a":1}\n{"short_message":"`),
      Buffer.from([0xff]),
      Buffer.from(`"}\n{"short_message":"\\u0000"}\n${message('d')}\n`),
    ])
    const answer = await ingest.post('/gelf', bytes)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      202,
      {
        accepted: 2,
        rejected: [
          { index: 1, code: 'missing_field', field: '/short_message' },
          { index: 2, code: 'bad_encoding' },
          { index: 3, code: 'nul_character' },
        ],
      },
    ])
    await eventually(() => ingest.consumed.length === 4)
    const texts = ingest.consumed.map(({ data }) => (data as { message: string }).message)
    expect(texts.sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  it.each([
    ['nothing', '', 400, 'bad_json'],
    ['no JSON', '{', 400, 'bad_json'],
    ['a message without text', '{"host":"a"}', 400, 'missing_field'],
    ['a broken compression', gzipSync('{}').subarray(0, 12), 400, 'bad_encoding'],
    ['what inflates to too much', gzipSync(' '.repeat(5000)), 413, 'body_too_large'],
    ['a message that is too large', message('x'.repeat(1500)), 413, 'body_too_large'],
    ['too many lines', `${message('a')}\n`.repeat(4), 413, 'too_many_items'],
    ['only bad lines', '{}\n{}', 400, 'nothing_accepted'],
  ])('refuses %s', async (_, body, status, code) => {
    const env = { BODY_LIMIT_BYTES: '4000', EVENT_LIMIT_BYTES: '1024', BATCH_LIMIT_ITEMS: '3' }
    await using ingest = await startIngest({ env })
    expectProblem(await ingest.post('/gelf', body), status, code)
  })
})

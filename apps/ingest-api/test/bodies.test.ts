import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expectProblem } from './expect-problem.ts'
import { startIngest } from './ingest.ts'

const BODY = '{"level":"info","message":"testing the platform"}'
/** Compressed still of some 8 KB: inflated in the thread pool, which small ones are not. */
const LARGE_BODY = JSON.stringify({ message: randomBytes(8000).toString('hex') })
/** A frame of zstd that holds no data, as parallel compressors write it. */
const SKIPPABLE = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2])
const encoded = (encoding: string) => ({ 'content-encoding': encoding })

describe('a compressed body', () => {
  it.each([
    ['gzip', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['GZIP', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['deflate', deflateRawSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['zstd', zstdCompressSync(BODY)],
    ['identity', Buffer.from(BODY)],
    ['Identity', Buffer.from(BODY)],
    ['gzip', Buffer.concat([gzipSync(BODY.slice(0, 9)), gzipSync(BODY.slice(9))])],
    ['zstd', Buffer.concat([zstdCompressSync(BODY.slice(0, 9)), zstdCompressSync(BODY.slice(9))])],
    ['zstd', Buffer.concat([SKIPPABLE, zstdCompressSync(BODY), SKIPPABLE, zstdCompressSync('')])],
  ])('of %s is read', async (encoding, payload) => {
    await using ingest = await startIngest()
    expect((await ingest.post('/log', payload, encoded(encoding))).statusCode).toBe(202)
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed[0]?.data).toEqual(JSON.parse(BODY))
  })

  it.each([
    ['gzip', gzipSync(LARGE_BODY)],
    ['deflate', deflateSync(LARGE_BODY)],
    ['deflate', deflateRawSync(LARGE_BODY)],
    ['br', brotliCompressSync(LARGE_BODY)],
    ['zstd', zstdCompressSync(LARGE_BODY)],
  ])('of %s is read where it is large', async (encoding, payload) => {
    await using ingest = await startIngest()
    expect((await ingest.post('/log', payload, encoded(encoding))).statusCode).toBe(202)
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed[0]?.data).toEqual(JSON.parse(LARGE_BODY))
  })

  const whole = gzipSync(BODY)
  const wrongSum = Buffer.from(whole)
  wrongSum.writeUInt32LE(1, whole.length - 8)

  it.each([
    ['is cut', 'gzip', whole.subarray(0, -5)],
    ['has a wrong check sum', 'gzip', wrongSum],
    ['is malformed', 'gzip', Buffer.from(BODY)],
    ['is empty', 'gzip', Buffer.alloc(0)],
    ['is cut', 'deflate', deflateSync(BODY).subarray(0, -5)],
    ['is malformed', 'deflate', Buffer.from(BODY)],
    ['is malformed', 'br', Buffer.from(BODY)],
    ['is empty', 'br', Buffer.alloc(0)],
    ['is large and cut', 'gzip', gzipSync(LARGE_BODY).subarray(0, -5)],
    ['is large and none', 'br', Buffer.from(LARGE_BODY)],
    ['is cut', 'zstd', zstdCompressSync(BODY).subarray(0, -5)],
    ['is malformed', 'zstd', Buffer.from(BODY)],
    ['is empty', 'zstd', Buffer.alloc(0)],
    [
      'is cut in its second frame',
      'zstd',
      Buffer.concat([zstdCompressSync(BODY), zstdCompressSync(BODY).subarray(0, -5)]),
    ],
    ['has too many frames', 'zstd', Buffer.concat(Array.from({ length: 1001 }, () => zstdCompressSync(' ')))],
  ])('that %s (%s) is refused', async (_, encoding, payload) => {
    await using ingest = await startIngest()
    const problem = expectProblem(await ingest.post('/log', payload, encoded(encoding)), 400, 'bad_encoding')
    expect(problem['field']).toBe('content-encoding')
  })

  it.each(['compress', 'gzip, gzip', 'constructor', '__proto__', 'toString', ''])(
    'of the unknown encoding %j is answered with 415',
    async (encoding) => {
      await using ingest = await startIngest()
      expectProblem(await ingest.post('/log', BODY, encoded(encoding)), 415, 'unsupported_encoding')
    },
  )

  it.each([
    ['gzip', gzipSync(Buffer.alloc(10_000_000))],
    ['deflate', deflateSync(Buffer.alloc(10_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(10_000_000))],
    ['zstd', zstdCompressSync(Buffer.alloc(10_000_000))],
  ])('of a few KB (%s) does not become 10 MB', async (encoding, payload) => {
    expect(payload.length).toBeLessThan(20_000)
    await using ingest = await startIngest()
    expectProblem(await ingest.post('/log', payload, encoded(encoding)), 413, 'body_too_large')
  })

  const COMPRESSIONS = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const
  const LENGTHS = [BODY, LARGE_BODY]
  const BEHIND = [Buffer.from('garbage'), Buffer.from([0x1f]), Buffer.from([0xff, 0, 0])]

  it.each(COMPRESSIONS)(
    'of %s with bytes behind its end is refused, never read in part',
    async (encoding, compress) => {
      await using ingest = await startIngest()
      for (const text of LENGTHS) {
        for (const behind of [
          ...BEHIND,
          ...(encoding === 'gzip'
            ? []
            : [encoding === 'zstd' ? Buffer.from('not a frame') : compress(text), Buffer.alloc(2)]),
        ]) {
          const payload = Buffer.concat([compress(text), behind])
          const problem = expectProblem(
            await ingest.post('/log', payload, encoded(encoding)),
            400,
            'bad_encoding',
          )
          expect(problem['field']).toBe('content-encoding')
        }
      }
    },
  )

  it('may inflate to exactly the limit', async () => {
    await using ingest = await startIngest({ env: { BODY_LIMIT_BYTES: '2000' } })
    const text = (bytes: number) => `{"m":"${'x'.repeat(bytes - 8)}"}`
    expect((await ingest.post('/log', gzipSync(text(2000)), encoded('gzip'))).statusCode).toBe(202)
    expectProblem(await ingest.post('/log', gzipSync(text(2001)), encoded('gzip')), 413, 'body_too_large')
    const frames = (bytes: number) =>
      [text(bytes).slice(0, 1990), text(bytes).slice(1990)].map((part) => zstdCompressSync(part))
    const post = (bytes: number) => ingest.post('/log', Buffer.concat(frames(bytes)), encoded('zstd'))
    expect((await post(2000)).statusCode).toBe(202)
    expectProblem(await post(2001), 413, 'body_too_large')
  })
})

describe('a limit', () => {
  it('of bytes ends with 413', async () => {
    await using ingest = await startIngest({ env: { BODY_LIMIT_BYTES: '2000', EVENT_LIMIT_BYTES: '1024' } })
    expectProblem(await ingest.post('/log', ' '.repeat(2001)), 413, 'body_too_large')
    expectProblem(await ingest.post('/log', { m: 'x'.repeat(1100) }), 413, 'body_too_large')
    expectProblem(await ingest.post('/log', { m: 'é'.repeat(520) }), 413, 'body_too_large')
    const mixed = await ingest.post('/log', [{ m: 'x'.repeat(1100) }, {}])
    expect(mixed.json()).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'body_too_large' }] })
  })

  it('of items ends with 413, before each of them is read', async () => {
    await using ingest = await startIngest({ env: { BATCH_LIMIT_ITEMS: '3' } })
    const ndjson = { 'content-type': 'application/x-ndjson' }
    expect((await ingest.post('/log', [{}, {}, {}])).statusCode).toBe(202)
    expect((await ingest.post('/log', '{}\n\n{}\n{}\n', ndjson)).statusCode).toBe(202)
    expectProblem(await ingest.post('/log', [{}, {}, {}, {}]), 413, 'too_many_items')
    expectProblem(await ingest.post('/log', '{}\n{}\n{}\n{}', ndjson), 413, 'too_many_items')
    // Reading these one by one would take longer than the test may.
    expectProblem(await ingest.post('/log', 'x\n'.repeat(2_500_000), ndjson), 413, 'too_many_items')
  })
})

describe('a content type', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'Application/JSON',
    'application/json; profile=x',
    'application/json; charset=us-ascii',
  ])('of %s is JSON', async (type) => {
    await using ingest = await startIngest()
    expect((await ingest.post('/log', BODY, { 'content-type': type })).body).toBe('{"status":"ok"}')
  })

  it.each(['application/x-ndjson', 'application/ndjson', 'application/jsonl; charset=utf-8'])(
    'of %s is lines of JSON',
    async (type) => {
      await using ingest = await startIngest()
      const answer = await ingest.post('/log', `${BODY}\n${BODY}`, { 'content-type': type })
      expect(answer.json()).toMatchObject({ accepted: 2 })
    },
  )

  it.each([
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'text/plain; charset=latin1',
    'text/html',
    'multipart/form-data; boundary=x',
    'constructor',
    'constructor/json',
    '__proto__',
    'application',
    'application/json/x',
    '; charset=utf-8',
  ])('of %s is answered with 415', async (type) => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post('/log', BODY, { 'content-type': type }), 415, 'unsupported_media_type')
  })

  it.each(['text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded'])(
    'of %s, which clients send by themselves, is read where the body is JSON',
    async (type) => {
      await using ingest = await startIngest()
      const post = (body: string) => ingest.post('/log', body, { 'content-type': type })
      expect((await post(BODY)).body).toBe('{"status":"ok"}')
      expect((await post(`[${BODY},${BODY}]`)).json()).toMatchObject({ accepted: 2 })
      expect((await post(`${BODY}\r\n${BODY}\n`)).json()).toMatchObject({ accepted: 2 })
      for (const body of ['message=hello&level=info', 'hello', '', '%7B%7D']) {
        const problem = expectProblem(await post(body), 415, 'unsupported_media_type')
        expect(problem['detail']).toMatch(/send JSON, with content-type: application\/json/)
      }
      expectProblem(await post('{"a":'), 400, 'bad_json')
    },
  )

  it.each([
    ['\ufeff{"a":1}\n{"a":"}\\n{"}\n', 2],
    ['{"a":1}\r\n \r\n{"a":\n{"b":1}\n}\n{"c":1}', 3],
    ['{"a":1}\n{"b":\n', 1],
    ['\ufeff{"a":1}\n\ufeff{"b":2}', 2],
  ])(
    'of JSON is lines of it where an object follows another one on a new line: %j',
    async (body, accepted) => {
      await using ingest = await startIngest()
      expect((await ingest.post('/log', body)).json()).toMatchObject({ status: 'ok', accepted })
    },
  )

  it.each(['{\n"a": {},\n"b": [{}\n,{"c":1\n}\n]}\n', '\n{"a":"}{"}\n\n', '{"a":[{"b":1}\n,\n{"b":2}]}'])(
    'of JSON is one object over several lines: %j',
    async (body) => {
      await using ingest = await startIngest()
      expect((await ingest.post('/log', body)).body).toBe('{"status":"ok"}')
    },
  )

  it('that is missing is JSON', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.inject({ method: 'POST', url: '/log', payload: Buffer.from(BODY) })
    expect(answer.body).toBe('{"status":"ok"}')
    expectProblem(await ingest.inject({ method: 'POST', url: '/log' }), 400, 'bad_json')
  })
})

describe('text', () => {
  it('that is not UTF-8 is refused, and a byte order mark is not part of it', async () => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post('/log', Buffer.from('{"a":"\xff"}', 'latin1')), 400, 'bad_encoding')
    expect((await ingest.post('/log', Buffer.from(`\ufeff${BODY}`))).statusCode).toBe(202)
  })

  const damaged = (before: string, after: string) =>
    Buffer.concat([Buffer.from(before), Buffer.from('{"b":"\xff"}', 'latin1'), Buffer.from(after)])

  it.each([
    ['application/x-ndjson', damaged('\ufeff{"a":"é"}\n\r\n', '\n{"c":"ж"}\n')],
    ['application/x-ndjson', damaged('{"a":"é"}\n', '\n\ufeff{"c":"ж"}\n')],
    ['application/x-ndjson', damaged('{"a":"é"}\n\ufeff\n', '\n{"c":"ж"}\n')],
    ['application/json', damaged('\ufeff[{"a":"é"},', ',{"c":"ж"}]')],
  ])('that is not UTF-8 in one item of a batch (%s) costs only that item', async (type, payload) => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/log', payload, { 'content-type': type })
    expect(answer.json()).toEqual({
      status: 'ok',
      accepted: 2,
      rejected: [{ index: 1, code: 'bad_encoding', message: 'The item is not valid UTF-8' }],
    })
    await eventually(() => ingest.consumed.length === 2)
    expect(ingest.consumed.map(({ data }) => data)).toEqual([{ a: 'é' }, { c: 'ж' }])
  })

  const lines = { 'content-type': 'application/x-ndjson' }

  it('in which no item is UTF-8 is refused, with each of them named', async () => {
    await using ingest = await startIngest()
    const payload = Buffer.from('\xa0\n"\xff"', 'latin1')
    const problem = expectProblem(await ingest.post('/log', payload, lines), 400, 'nothing_accepted')
    expect(problem['rejected']).toMatchObject([{ index: 0 }, { index: 1 }])
  })

  it.each([
    ['two byte order marks', '\ufeff\ufeff{}', 'bad_json'],
    ['a NUL', '{"a":"\\u0000"}', 'nul_character'],
    ['half of a pair', '{"a":"\\ud800"}', 'lone_surrogate'],
    ['a number beyond every bound', '{"a":1e999}', 'number_out_of_range'],
    ['too deep nesting', '['.repeat(20_000) + ']'.repeat(20_000), 'too_deep'],
    ['too many bytes', JSON.stringify('x'.repeat(600_000)), 'body_too_large'],
    ['no object', '7', 'invalid_field'],
  ])('with %s in one item of a batch costs only that item', async (_, item, code) => {
    await using ingest = await startIngest()
    const rejected = [{ index: 1, code }]
    expect((await ingest.post('/log', `{}\n${item}\n{}`, lines)).json()).toMatchObject({
      accepted: 2,
      rejected,
    })
    // A document that is no JSON as a whole has no items.
    if (code === 'bad_json') expectProblem(await ingest.post('/log', `[{},${item},{}]`), 400, code)
    else
      expect((await ingest.post('/log', `[{},${item},{}]`)).json()).toMatchObject({ accepted: 2, rejected })
  })
})

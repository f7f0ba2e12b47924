import fc from 'fast-check'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

export interface BadRequest {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly payload?: Buffer
}

const ROUTES = [
  '/log',
  '/api/v1/logs',
  '/api/v1/metrics',
  '/api/v1/products',
  '/api/v1/products/5',
  '/api/v1/dead-letters',
  '/api/v1/dead-letters/replay',
  '/api/v1/dead-letters/1/replay',
  '/healthz',
  '/docs/json',
]

/** Characters that a request line and a header may hold; Node itself refuses the others. */
const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})

const name = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString',
    'then',
    'data',
    'id',
    'name',
    'price',
  ),
  fc.constantFrom(
    'eventId',
    'level',
    'service',
    'timestamp',
    'tags',
    'value',
    'unit',
    'limit',
    'kind',
    'reason',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
)

/** JSON text, often of values that Runnel refuses. */
const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('null', 'true', '0', '-0', '1e400', '-1e999', '9007199254740993', '1e-400', '12.5', '-1'),
    fc.constantFrom(
      '"\\u0000"',
      '"\\ud800"',
      '"\\udc00x"',
      '"2025-02-30"',
      '""',
      `"${'x'.repeat(600)}"`,
      '"soon"',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 5 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
})).value

/** Bodies that are right, to be damaged. */
const GOOD = [
  '{"data":{"value":123.45,"name":"t","tags":{"a":1},"timestamp":1700000000}}',
  '{"level":"info","message":"testing the platform","attributes":{"a":[1,2]}}',
  '{"id":1,"name":"pen","price":10,"manufacturer":"bic"}',
  '[{"data":{"value":1}},{"data":{}}]',
  '{"kind":"logs","limit":1}',
]

const damaged = fc
  .tuple(fc.constantFrom(...GOOD), fc.nat(), fc.nat(4), fc.string({ unit: 'binary', maxLength: 3 }))
  .map(([text, position, length, put]) => {
    const at = position % (text.length + 1)
    return text.slice(0, at) + put + text.slice(at + length)
  })

const nested = fc
  .tuple(fc.integer({ min: 60, max: 4000 }), fc.constantFrom('[', '{"a":', '[{"a":'), fc.boolean())
  .map(([depth, open, closed]) => {
    const close = [...open].reverse().map((one) => (one === '[' ? ']' : one === '{' ? '}' : ''))
    return `${open.repeat(depth)}1${closed ? close.join('').repeat(depth) : ''}`
  })

const textBody = fc.oneof(
  { weight: 5, arbitrary: json },
  { weight: 4, arbitrary: damaged },
  { weight: 1, arbitrary: nested },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(json, damaged), { maxLength: 6 }).map((lines) => lines.join('\n')),
  },
  { weight: 1, arbitrary: fc.integer({ min: 19_000, max: 30_000 }).map((size) => `"${'x'.repeat(size)}"`) },
)

const body = fc.oneof(
  { weight: 8, arbitrary: textBody.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: textBody.map((text) => gzipSync(text)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(textBody, fc.constantFrom(gzipSync, deflateSync, brotliCompressSync), fc.nat(60))
      .map(([text, compress, end]) => compress(text).subarray(0, end)),
  },
)

const contentType = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('application/json', 'application/x-ndjson', 'application/json;charset=utf-8'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'text/plain',
      'constructor',
      '__proto__',
      'application/json; charset=latin1',
      ';',
      'a/b;=',
    ),
  },
  { weight: 1, arbitrary: visible },
)

const headers = fc.record(
  {
    'content-type': contentType,
    'content-encoding': fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('gzip', 'deflate', 'br', 'identity') },
      { weight: 1, arbitrary: fc.constantFrom('constructor', '__proto__', 'zstd', 'gzip,br') },
      { weight: 1, arbitrary: visible },
    ),
    'idempotency-key': fc.oneof(visible, fc.constant('k'.repeat(600)), fc.constant('')),
    accept: visible,
    authorization: visible,
    'x-odd': visible,
  },
  { requiredKeys: [] },
)

const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom(
            'wait',
            'limit',
            'cursor',
            'kind',
            'from',
            'to',
            'reason',
            'replayed',
            '__proto__',
            'x',
          ),
          fc.oneof(
            fc.constantFrom('stored', '1', '-1', '1e3', '%00', '%zz', '%ED%A0%80', '2025-02-30', 'true', ''),
            fc.string({ maxLength: 6 }).map(encodeURIComponent),
          ),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((pairs) => `?${pairs.map(([key, value]) => `${key}=${value}`).join('&')}`),
  },
  { weight: 1, arbitrary: visible.map((text) => `?${text}`) },
)

const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ROUTES) },
  { weight: 1, arbitrary: visible.map((text) => `/api/v1/products/${text}`) },
  { weight: 1, arbitrary: visible.map((text) => `/api/v1/dead-letters/${text}/replay`) },
  { weight: 1, arbitrary: visible.map((text) => `/${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/api/v1/products/%00', '/%zz', '//', '/log/', '/log;x=1', '/LOG'),
  },
)

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constant('POST') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'GET',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'HEAD',
      'TRACE',
      'PROPFIND',
      'QUERY',
      'PURGE',
    ),
  },
)

/** Requests of which most are wrong in some way: at every route, with anything for a method, a header or a body. */
export const badRequest: fc.Arbitrary<BadRequest> = fc
  .tuple(method, path, query, headers, fc.option(body, { freq: 8, nil: undefined }))
  .map(([verb, where, what, head, payload]) => ({
    method: verb,
    url: where + what,
    // A body that is compressed by chance alone would never be read.
    headers: {
      'content-type': 'application/json',
      ...head,
      ...(isGzip(payload) && { 'content-encoding': 'gzip' }),
    },
    ...(payload !== undefined && { payload }),
  }))
  // What inject itself cannot send; a socket can, see randomBytes.
  .filter(({ url }) => URL.canParse(url, 'http://localhost'))

function isGzip(payload: Buffer | undefined): boolean {
  return payload?.[0] === 0x1f && payload[1] === 0x8b
}

/** Bytes for a raw socket: noise, and requests with noise in them. */
export const randomBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom('GET /log', 'POST /log', 'GET /\\', 'POST //', 'GET x:', 'BREW /', ' '),
      visible,
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(100),
    )
    .map(([verb, url, noise, length]) =>
      Buffer.concat([
        Buffer.from(`${verb}${url} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n`),
        Buffer.from(noise),
        Buffer.from('\r\n\r\n'),
      ]),
    ),
)

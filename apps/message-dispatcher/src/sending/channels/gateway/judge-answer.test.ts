import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { decodeBody, type BodyHeaders } from './decode-body.ts'
import { judgeAnswer } from './judge-answer.ts'

const RULES = { success: 'code' as const, transientCodes: new Set([99]) }
const LIMIT = 1_000_000

/** Ways to put a text into bytes. */
const CHARSETS: readonly ((text: string) => readonly [Buffer, string | undefined])[] = [
  (text) => [Buffer.from(text), undefined],
  (text) => [Buffer.from(text), 'application/json; charset=UTF-8'],
  (text) => [Buffer.from(`\ufeff${text}`), undefined],
  (text) => [Buffer.from(text, 'utf16le'), 'application/json;charset=utf-16le'],
  (text) => [Buffer.from(text, 'utf16le').swap16(), 'application/json; charset="utf-16be"'],
  (text) => [Buffer.from(`\ufeff${text}`, 'utf16le'), 'text/plain; charset=utf-8'],
]

const CODINGS: readonly (readonly [string | undefined, (bytes: Buffer) => Buffer])[] = [
  [undefined, (bytes) => bytes],
  ['identity', (bytes) => bytes],
  ['gzip', (bytes) => gzipSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['deflate', (bytes) => deflateRawSync(bytes)],
  ['BR', (bytes) => brotliCompressSync(bytes)],
]

const encoded = (text: string) =>
  fc.tuple(fc.constantFrom(...CHARSETS), fc.constantFrom(...CODINGS)).map(([charset, [coding, encode]]) => {
    const [bytes, contentType] = charset(text)
    const headers: BodyHeaders = { contentType, contentEncoding: coding }
    return { bytes: encode(bytes), headers }
  })

const status2xx = fc.integer({ min: 200, max: 299 })
const others = fc.dictionary(
  fc.string().filter((name) => name !== 'code' && name !== '__proto__'),
  fc.jsonValue(),
)
const answerWith = (code: fc.Arbitrary<unknown>) =>
  fc
    .tuple(status2xx, others, code)
    .chain(([status, members, given]) =>
      encoded(JSON.stringify({ ...members, code: given })).map((body) => ({ status, given, ...body })),
    )

const judge = (status: number, bytes: Buffer, headers: BodyHeaders, incomplete?: string) =>
  judgeAnswer({ status, body: decodeBody(bytes, headers, LIMIT), incomplete }, RULES)

describe('an answer', () => {
  it('with 2xx and the code 0 is a yes, in whatever it is written and beside whatever else it says', () => {
    fc.assert(
      fc.property(answerWith(fc.constantFrom(0, '0', '00', ' 0 ', '-0')), ({ status, bytes, headers }) => {
        expect(judge(status, bytes, headers)).toEqual({
          outcome: 'accepted',
          httpStatus: status,
          gatewayCode: 0,
        })
      }),
    )
  })

  it('with 2xx and another whole number is a refusal, of the message unless the code is named', () => {
    const code = fc.maxSafeInteger().filter((value) => value !== 0)
    const given = fc.oneof(code, code.map(String), fc.constant(99))
    fc.assert(
      fc.property(answerWith(given), ({ status, given: value, bytes, headers }) => {
        const scope = Number(value) === 99 ? 'channel' : 'message'
        const verdict = { outcome: 'refused', scope, httpStatus: status, gatewayCode: Number(value) }
        expect(judge(status, bytes, headers)).toMatchObject(verdict)
      }),
    )
  })

  it('is a yes with no other status, and never where it is not whole', () => {
    const status = fc.oneof(fc.integer({ min: 300, max: 999 }), status2xx)
    fc.assert(
      fc.property(status, encoded('{"code":0}'), fc.boolean(), (code, { bytes, headers }, isCut) => {
        const { outcome } = judge(code, bytes, headers, isCut ? 'cut' : undefined)
        expect(outcome === 'accepted').toBe(code < 300 && !isCut)
      }),
    )
  })

  it('of any bytes is judged, and as a yes only where the code is 0', () => {
    const coding = fc.constantFrom(undefined, 'gzip', 'deflate', 'br', 'gzip, br', 'x', '__proto__')
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        coding,
        fc.string(),
        (bytes, contentEncoding, contentType) => {
          const verdict = judge(200, Buffer.from(bytes), { contentEncoding, contentType })
          expect(['uncertain', 'refused']).toContain(verdict.outcome)
        },
      ),
    )
  })
})

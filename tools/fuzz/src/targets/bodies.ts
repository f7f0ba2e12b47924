import { createEventIds, KINDS } from '@runnel/contracts'
import { readJson } from '@runnel/json'
import { decodeEnvelope, encodeEnvelope } from '@runnel/messaging'
import {
  admit,
  createEndpoints,
  DEFAULT_FORMATS,
  readBody,
  requireAdmitted,
  allTexts,
  textsOf,
  type Admission,
  type DecodedBody,
  type Endpoint,
} from '@runnel/ingest-api/parsers'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { ensure, ensureDocumented } from '../ensure.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { manyNames, repeated, slowObjects } from '../inputs/large-json.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import { defineTarget, type WorstCase } from '../target.ts'

interface Body {
  readonly bytes: Buffer
  readonly type: string
  readonly encoding: string | undefined
  readonly kind: (typeof KINDS)[number]
  readonly limitItems: number
}

interface Admitted extends Admission {
  readonly decoded: DecodedBody & { readonly texts: readonly string[] }
}

const BODY_BYTES = 5 * 1024 ** 2
const EVENT_BYTES = 512 * 1024
const ITEMS = 10_000

const nextId = createEventIds()

const batch = fc.array(anyJsonText, { maxLength: 6 })
const bodyText = fc.oneof(
  anyJsonText,
  batch.map((texts) => `[${texts.join(',')}]`),
  batch.map((texts) => texts.map((text) => text.replaceAll('\n', ' ')).join('\n')),
)

/** Compressed, then broken: what is decompressed comes from any client. */
const encoded = fc.tuple(bodyText, fc.nat(3), fc.nat(), fc.boolean()).map(([text, how, at, broken]) => {
  const bytes = [gzipSync, deflateSync, brotliCompressSync, zstdCompressSync][how]!(text)
  if (broken) bytes[at % bytes.length]! ^= 1 + (at % 255)
  return { bytes, encoding: ['gzip', 'deflate', 'br', 'zstd'][how] }
})

const content = fc.oneof(
  { weight: 12, arbitrary: mutatedBytes(bodyText).map((bytes) => ({ bytes, encoding: undefined })) },
  { weight: 1, arbitrary: encoded },
)

/** What the intake does with a body before anything is published. */
export const bodies = defineTarget<Body>({
  name: 'bodies',
  inputs: fc
    .tuple(
      content,
      fc.constantFrom(
        'application/json',
        'application/x-ndjson',
        'application/json; charset=latin1',
        'application/jsonl;charset="UTF-8"',
        'text/plain',
      ),
      fc.constantFrom(...KINDS),
      fc.constantFrom(3, ITEMS),
    )
    .map(([{ bytes, encoding }, type, kind, limitItems]) => ({ bytes, encoding, type, kind, limitItems })),
  worst: worstBodies,
  parse: admitBody,
  check({ limitItems }, outcome) {
    ensureDocumented(outcome)
    if ('error' in outcome) return
    const { admitted, rejected, decoded } = outcome.value as Admitted
    const { texts, indexes = [...texts.keys()], rejected: unread = [] } = decoded
    const items = texts.length + unread.length
    ensure(items <= limitItems, 'it takes more items than it may')
    const indices = [...admitted.indexes, ...rejected.map(({ index }) => index)].sort((a, b) => a - b)
    ensure(isDeepStrictEqual(indices, [...Array(items).keys()]), 'accepted and rejected are not all items')
    const encoded = textsOf(admitted)
    for (const [i, { id, index }] of admitted.names().entries()) {
      const text = encoded[i]!
      const [item] = decodeEnvelope(encodeEnvelope([text]).toString())
      ensure(item !== undefined && 'event' in item && item.event.id === id, 'an event does not arrive')
      ensure(
        isDeepStrictEqual(item.event.data, readJson(texts[indexes.indexOf(index)]!)),
        'an event arrives as another one',
      )
    }
  },
})

/** Endpoints by limit of items, made once each. */
const endpoints = new Map<string, Endpoint>()

function endpointOf(kind: Body['kind'], limitItems: number): Endpoint {
  const name = `${kind} ${limitItems}`
  const made = endpoints.get(name)
  if (made) return made
  const limits = {
    bodyLimitBytes: BODY_BYTES,
    batchLimitItems: limitItems,
    eventLimitBytes: EVENT_BYTES,
    largeBodyLimitBytes: BODY_BYTES,
    largeBatchLimitItems: limitItems,
  }
  const endpoint = createEndpoints(DEFAULT_FORMATS, limits).find(({ url }) => url === `/api/v1/${kind}`)!
  endpoints.set(name, endpoint)
  return endpoint
}

async function admitBody({ bytes, type, encoding, kind, limitItems }: Body): Promise<Admitted> {
  const headers = { 'content-type': type, ...(encoding !== undefined && { 'content-encoding': encoding }) }
  const reading = readBody(
    endpointOf(kind, limitItems),
    bytes,
    { headers, query: {}, params: {}, url: '' },
    (inflate) => inflate(),
  )
  const { decoded } = reading instanceof Promise ? await reading : reading
  // Admission has the bytes of texts used for other bodies.
  const texts = allTexts(decoded.texts)
  const admitting = admit(decoded, undefined, { nextId, eventLimitBytes: EVENT_BYTES, keyForm: 'item' })
  const admission = admitting instanceof Promise ? await admitting : admitting
  requireAdmitted(admission)
  return { ...admission, decoded: { ...decoded, texts } }
}

function worstBodies(): WorstCase<Body>[] {
  const itemBytes = Math.floor(BODY_BYTES / ITEMS)
  const escaped = (i: number) => manyNames(itemBytes, (n) => `\\n${i}_${n}`)
  const distinct = (i: number) => manyNames(itemBytes, (n) => `k${i}_${n}`)
  const items = (count: number, one: (i: number) => string, begin: string, end: string, separator: string) =>
    begin + Array.from({ length: count }, (_, i) => one(i)).join(separator) + end
  const huge = slowObjects(EVENT_BYTES - 1024)
  const many = Math.floor(BODY_BYTES / EVENT_BYTES)
  const json: [string, string][] = [
    ...slowObjects(BODY_BYTES),
    ...huge.map(([name, text]): [string, string] => [
      `an array of: ${name}`,
      `[${Array(many).fill(text).join(',')}]`,
    ]),
    ['items with names that need escapes', items(ITEMS - 1, escaped, '[', ']', ',')],
    ['items with different names', items(ITEMS - 1, distinct, '[', ']', ',')],
    ['too many items', repeated(BODY_BYTES, '[]', '[', ']')],
    ['an array without an end', '['.repeat(BODY_BYTES)],
    ['array of one text without an end', repeated(BODY_BYTES, '\\"', '["', '', '')],
  ]
  const lines: [string, string][] = [
    ['lines without an end', repeated(BODY_BYTES, '{"a":[' + '1,'.repeat(250), '', '', '\n')],
    ['short lines that are no JSON', repeated(ITEMS * 2, 'x', '', '', '\n')],
    ['empty lines', '\n'.repeat(BODY_BYTES)],
    ['blank lines', ' \n'.repeat(BODY_BYTES / 2)],
    ['lines with names that need escapes', items(ITEMS - 1, escaped, '', '', '\n')],
    ['a line of blanks', ' '.repeat(BODY_BYTES)],
  ]
  const body =
    (type: string) =>
    ([name, text]: [string, string]): WorstCase<Body> => ({
      name: `${type}: ${name}`,
      input: () => ({
        bytes: Buffer.from(text.slice(0, BODY_BYTES)),
        type,
        encoding: undefined,
        kind: 'logs',
        limitItems: ITEMS,
      }),
    })
  return [...json.map(body('application/json')), ...lines.map(body('application/x-ndjson'))]
}

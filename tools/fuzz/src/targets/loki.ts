import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { PushRequestSchema, type PushRequest } from '@runnel/wire/loki/push'
import { deflateSnappy, inflateSnappy } from '@runnel/wire/snappy'
import fc from 'fast-check'
import { isUtf8 } from 'node:buffer'
import { hostileText } from '../inputs/hostile-text.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { repeated, slowObjects } from '../inputs/large-json.ts'
import { brokenBytes, mutatedBytes } from '../inputs/mutate.ts'
import {
  BODY_BYTES,
  ensureSameEvents,
  formatTarget,
  objectText,
  worstOf,
  type Admitted,
  type WireBody,
} from './wire-formats.ts'

const URL = '/loki/api/v1/push'
const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }

const members = objectText(
  ['@timestamp', 'message', 'msg', 'level', 'service', 'app', '__proto__'],
  ['"2026-11-29T12:00:00Z"', '"m"', '{"level":"info"}', '"a"', 'null', '1e400', '9007199254740993'],
)

const lokiLine = fc.oneof(hostileText(), members, anyJsonText)
const entryText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('"1795953600123456789"', '"0"', '"x"', '1795953600123456789', '-1'), lokiLine)
      .map(([time, line]) => `[${time},${JSON.stringify(line)}]`),
  },
  { weight: 1, arbitrary: members.map((metadata) => `["1795953600123456789","line",${metadata}]`) },
  { weight: 1, arbitrary: anyJsonText },
)
const streamText = fc
  .tuple(
    objectText(['app', 'level', 'job', '__proto__'], ['"a"', '"info"', '1']),
    fc.array(entryText, { maxLength: 4 }),
  )
  .map(([labels, entries]) => `{"stream":${labels},"values":[${entries.join(',')}]}`)
const pushText = fc
  .array(fc.oneof({ weight: 5, arbitrary: streamText }, { weight: 1, arbitrary: anyJsonText }), {
    maxLength: 3,
  })
  .map((streams) => `{"streams":[${streams.join(',')}]}`)

const ENTRIES_BEGIN = '{"streams":[{"stream":{"app":"a"},"values":['
const ENTRIES_END = ']}]}'
const pushOf = (entry: string) => repeated(BODY_BYTES, entry, ENTRIES_BEGIN, ENTRIES_END)

/** As Loki's own clients write them. */
const wellFormedText = fc
  .array(
    fc.record({
      stream: fc.dictionary(fc.constantFrom('app', 'job', 'level', 'service_name', 'a1'), hostileText(8)),
      values: fc.array(
        fc.tuple(
          fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String),
          lokiLine,
          fc.dictionary(
            fc.constantFrom('trace_id', 'app', 'level', 'detected_level', '__proto__'),
            hostileText(8),
          ),
        ),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  )
  .map((streams) => JSON.stringify({ streams }))

/** The push API in JSON. */
export const lokiJson = formatTarget(
  'loki-json',
  URL,
  mutatedBytes(fc.oneof(pushText, wellFormedText)).map((bytes) => ({ bytes, headers: json })),
  () => [
    ...slowObjects(BODY_BYTES).map(([name, text]) => worstOf(name, text, json)),
    ...slowObjects(512 * 1024).map(([name, text]) => worstOf(`small, ${name}`, text, json)),
    ...slowObjects(300_000).map(([name, text]) =>
      worstOf(`lines of: ${name}`, pushOf(`["1",${JSON.stringify(text)}]`), json),
    ),
    ...slowObjects(60_000).map(([name, text]) =>
      worstOf(`metadata of: ${name}`, pushOf(`["1","x",${text}]`), json),
    ),
    worstOf('short lines', pushOf('["1","x"]'), json),
    worstOf('invalid entries', pushOf('1'), json),
    worstOf('streams without entries', repeated(BODY_BYTES, '{}', '{"streams":[', ']}'), json),
    worstOf(
      'a stream a line',
      repeated(BODY_BYTES, '{"stream":{"app":"a"},"values":[["1","x"]]}', '{"streams":[', ']}'),
      json,
    ),
    worstOf(
      'lines of JSON',
      pushOf(`["1795953600123456789",${JSON.stringify('{"level":30,"msg":"m","order":{"id":17}}')}]`),
      json,
    ),
  ],
  checkJson,
)

/** A push that JSON.parse reads, with nothing but what Loki has, is the same events in Protocol Buffers. */
async function checkJson({ bytes }: WireBody, read: Admitted | 'refused'): Promise<void> {
  const push = isUtf8(bytes) ? toProtobuf(bytes.toString()) : undefined
  if (push === undefined) return
  const other = { bytes: deflateSnappy(encodePush(push)), headers: protobuf }
  await ensureSameEvents(URL, read, other, 'as Protocol Buffers')
}

function toProtobuf(text: string): PushInit | undefined {
  try {
    const push = JSON.parse(text) as JsonValue
    // Members that are there twice, and integers beyond doubles, are not what JSON.parse makes of them.
    if (JSON.stringify(push) !== text || !isJsonObject(push)) return undefined
    return { streams: listOf(push['streams']).map(toStream) }
  } catch {
    return undefined
  }
}

/** @throws TypeError of what is not as Loki has it */
function toStream(stream: JsonValue): NonNullable<PushInit['streams']>[number] {
  const { stream: labels, values } = objectOf(stream)
  const pairs = pairsOf(labels).map(({ name, value }) => `${requireName(name)}=${JSON.stringify(value)}`)
  return { labels: `{${pairs.join(', ')}}`, entries: listOf(values).map(toEntry) }
}

function toEntry(value: JsonValue) {
  const [time, line, metadata] = listOf(value)
  const nanos = BigInt(/^\d{1,18}$/.test(textOf(time)) ? textOf(time) : notOfLoki())
  return {
    timestamp: { seconds: nanos / NANOS, nanos: Number(nanos % NANOS) },
    line: textOf(line),
    structuredMetadata: metadata === undefined ? [] : pairsOf(metadata),
  }
}

const NANOS = 1_000_000_000n

/** Escapes of JSON that are those of Go as well; names that need no quotes. */
function requireName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : notOfLoki()
}

function pairsOf(value: JsonValue | undefined): { readonly name: string; readonly value: string }[] {
  return Object.entries(objectOf(value)).map(([name, text]) => ({
    name: wellFormed(name),
    value: textOf(text),
  }))
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : notOfLoki()
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : notOfLoki()
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? wellFormed(value) : notOfLoki()
}

/** Bytes of UTF-8 have no halves of pairs. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : notOfLoki()
}

function notOfLoki(): never {
  throw new TypeError('not as Loki has it')
}

type PushInit = MessageInitShape<typeof PushRequestSchema>

const encodePush = (message: PushInit): Buffer =>
  Buffer.from(toBinary(PushRequestSchema, create(PushRequestSchema, message)))

const labelSet = fc.oneof(
  fc.constantFrom('{}', '{app="shop"}', '{path="C:\\temp"}', '{a="say "hi"",b="\\n"}', '{', ''),
  hostileText().map((text) => `{a="${text}", b="1"}`),
)
const seconds = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })
const entry = fc.record({
  timestamp: fc.record({ seconds: fc.oneof(fc.constant(1_795_953_600n), seconds), nanos: fc.integer() }),
  line: lokiLine.map((text) => text.toWellFormed()),
  structuredMetadata: fc.array(
    fc.record({ name: hostileText(8).map((text) => text.toWellFormed()), value: fc.constant('v') }),
    { maxLength: 2 },
  ),
})
const pushMessage = fc
  .array(
    fc.record({
      labels: labelSet.map((text) => text.toWellFormed()),
      entries: fc.array(entry, { maxLength: 3 }),
    }),
    {
      maxLength: 3,
    },
  )
  .map((streams) => encodePush({ streams }))

/** The push API in Protocol Buffers, a block of snappy or not. */
export const lokiProtobuf = formatTarget(
  'loki-protobuf',
  URL,
  fc
    .oneof(
      { weight: 6, arbitrary: brokenBytes(pushMessage).map(deflateSnappy) },
      { weight: 1, arbitrary: brokenBytes(pushMessage) },
    )
    .map((bytes) => ({ bytes, headers: protobuf })),
  () => {
    const entries =
      (line: string, bytes: number, labels = '{app="a"}') =>
      () => {
        const timestamp = { seconds: 1n, nanos: 1 }
        const count = Math.floor(BODY_BYTES / bytes) - 1
        return encodePush({
          streams: [{ labels, entries: Array.from({ length: count }, () => ({ timestamp, line })) }],
        })
      }
    const cases: [string, () => Buffer][] = [
      ['short lines', entries('x', 11)],
      ['long lines', entries('a line that says something '.repeat(8), 230)],
      ['large labels', entries('x', 11, `{a="${'x'.repeat(60_000)}"}`)],
      ['labels without an end', entries('x', 11, `{a="${'",b="\\'.repeat(10_000)}`)],
      [
        'entries without anything',
        () =>
          Buffer.concat([
            Buffer.from([0x0a, 0x80, 0x80, 0xc0, 0x02]),
            Buffer.from('1200'.repeat(2_621_440), 'hex'),
          ]),
      ],
      ['fields that are unknown', () => Buffer.from('5001'.repeat(BODY_BYTES / 2), 'hex')],
    ]
    return cases.map(([name, bytes]) => ({
      name,
      input: () => ({ bytes: deflateSnappy(bytes().subarray(0, BODY_BYTES)), headers: protobuf }),
    }))
  },
  checkProtobuf,
)

/** A push that the library reads is the same events as it writes it, and in JSON. */
async function checkProtobuf({ bytes }: WireBody, read: Admitted | 'refused'): Promise<void> {
  const message = inflate(bytes)
  const push = message && readByLibrary(message)
  if (push === undefined) return
  const again = Buffer.from(toBinary(PushRequestSchema, push))
  const isWhole = read !== 'refused' && (read.decoded.rejected ?? []).length === 0
  // What is damaged is read more strictly here: the library lets messages end beyond their length.
  if (!isWhole && !message!.equals(again)) return
  const other = { bytes: deflateSnappy(again), headers: protobuf }
  await ensureSameEvents(URL, read, other, 'as the library writes it')
  const text = toJson(push)
  if (text === undefined) return
  await ensureSameEvents(URL, read, { bytes: Buffer.from(text), headers: json }, 'as JSON')
}

function inflate(bytes: Buffer): Buffer | undefined {
  try {
    return inflateSnappy(bytes, BODY_BYTES)
  } catch {
    return undefined
  }
}

function readByLibrary(bytes: Buffer): PushRequest | undefined {
  try {
    return fromBinary(PushRequestSchema, bytes)
  } catch {
    return undefined
  }
}

/** @returns undefined where labels are not written in the plainest way, or a time has no digits */
function toJson({ streams }: PushRequest): string | undefined {
  const pushed: object[] = []
  for (const { labels, entries } of streams) {
    const stream = plainLabels(labels)
    if (stream === undefined) return undefined
    const values = entries.map(({ timestamp, line, structuredMetadata }) => {
      const nanos = timestamp === undefined ? 0n : timestamp.seconds * NANOS + BigInt(timestamp.nanos)
      const metadata = Object.fromEntries(structuredMetadata.map(({ name, value }) => [name, value]))
      return [String(nanos), line, ...(structuredMetadata.length > 0 ? [metadata] : [])]
    })
    pushed.push({ stream, values })
  }
  return JSON.stringify({ streams: pushed })
}

function plainLabels(text: string): Record<string, string> | undefined {
  const pairs = [...text.matchAll(/(?:^\{|,)([a-z]+)="([^"\\\n{}=]*)"/g)]
  if (`{${pairs.map(([, name, value]) => `${name}="${value}"`).join(',')}}` !== text) return undefined
  return Object.fromEntries(pairs.map(([, name, value]) => [name!, value!]))
}

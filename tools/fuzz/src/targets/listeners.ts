import { decode, encode } from '@msgpack/msgpack'
import { createEventIds } from '@runnel/contracts'
import { decodeEnvelope, encodeEnvelope } from '@runnel/messaging'
import {
  admit,
  DEFAULT_LISTENERS,
  findValue,
  LISTENER_LIMITS,
  StreamError,
  allTexts,
  textsOf as admittedTexts,
  toBody,
  type DecodedBody,
  type Item,
  type StreamProtocol,
} from '@runnel/ingest-api/parsers'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { deflateSync, gzipSync } from 'node:zlib'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import { defineTarget, type AnyTarget, type WorstCase } from '../target.ts'

type Port = keyof typeof DEFAULT_LISTENERS

/** What a connection sends, and where what arrives is cut. */
interface Sent {
  readonly bytes: Buffer
  readonly cuts: readonly number[]
}

interface Read {
  /** Of the pieces, and of all of it at once. */
  readonly texts: readonly (readonly string[])[]
  readonly bodies: readonly DecodedBody[]
}

const LARGE_BYTES = LISTENER_LIMITS.frameBytes
/** The largest that UDP carries. */
const DATAGRAM_BYTES = 65_507
/** What a socket gives at a time. */
const PIECE_BYTES = 64 * 1024
const SETTINGS = {
  ...{ ports: {}, host: '', allowedNetworks: [], fluentSharedKey: '', syslogZone: 'Europe/Kyiv' },
  limits: LISTENER_LIMITS,
}
const PEER = { address: '10.0.0.7' }
const nextId = createEventIds()

/** Whatever a connection sends, and however it is cut: the same events, each of which arrives or is refused by name. */
function streamTarget(
  name: string,
  port: Port,
  inputs: fc.Arbitrary<Buffer>,
  worst: readonly (readonly [name: string, bytes: () => Buffer])[],
  settings = SETTINGS,
): AnyTarget {
  const { protocol: kind } = DEFAULT_LISTENERS[port]
  if (kind.transport !== 'stream') throw new Error(`${port} takes no connections`)
  const protocol = kind.create(settings)
  return defineTarget<Sent>({
    name,
    inputs: fc.tuple(inputs, fc.array(fc.nat(), { maxLength: 4 })).map(([bytes, cuts]) => ({ bytes, cuts })),
    worst: () =>
      worst.map(([of, bytes]): WorstCase<Sent> => ({
        name: of,
        input: () => ({ bytes: bytes(), cuts: [] }),
      })),
    async parse({ bytes, cuts }) {
      const pieces = await readPieces(protocol, cutAt(bytes, cuts))
      const whole = cuts.length === 0 ? pieces : await readPieces(protocol, cutAt(bytes, []))
      return { texts: [textsOf(pieces), textsOf(whole)], bodies: pieces } satisfies Read
    },
    check(_, outcome) {
      ensureDocumented(outcome)
      const { texts, bodies } = (outcome as { value: Read }).value
      ensure(isDeepStrictEqual(texts[0], texts[1]), 'what is cut elsewhere is read otherwise')
      bodies.forEach(checkBody)
    },
  })
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length]
  for (let at = PIECE_BYTES; at < bytes.length; at += PIECE_BYTES) places.push(at)
  places.sort((one, other) => one - other)
  return places.map((end, i) => bytes.subarray(places[i - 1] ?? 0, end)).filter(({ length }) => length > 0)
}

/** Up to where nothing more can be read of the connection. */
async function readPieces(protocol: StreamProtocol, pieces: readonly Buffer[]): Promise<DecodedBody[]> {
  const session = protocol.open(PEER, SETTINGS.limits, throwDefect)
  const bodies: DecodedBody[] = []
  const decoding: (DecodedBody | Promise<DecodedBody>)[] = []
  try {
    for (const piece of pieces) {
      session.read(piece, (received) => decoding.push(received.decode()))
      // A connection is not read on at once where so much has come.
      if (piece.length === PIECE_BYTES) await nextTurn()
    }
    session.end((received) => decoding.push(received.decode()))
  } catch (error) {
    if (!(error instanceof StreamError)) throw error
  }
  for (const body of decoding) bodies.push(await body)
  return bodies
}

/** What would cost a frame alone is a defect all the same. */
function throwDefect(defect: unknown): never {
  throw new Error('a frame cannot be decoded', { cause: defect })
}

function textsOf(bodies: readonly DecodedBody[]): string[] {
  return bodies.flatMap(({ texts }) => allTexts(texts))
}

function checkBody(body: DecodedBody): void {
  const admission = admit(body, body.requestKey, {
    ...{ nextId, eventLimitBytes: 512 * 1024, keyForm: 'item' },
  })
  if (admission instanceof Promise) return
  const { admitted, rejected } = admission
  const { texts, rejected: unread = [] } = body
  ensure(
    admitted.length + rejected.length === texts.length + unread.length,
    'accepted and rejected are not all',
  )
  const all = admittedTexts(admitted)
  for (const [i, { id }] of admitted.names().entries()) {
    const encoded = all[i]!
    const [item] = decodeEnvelope(encodeEnvelope([encoded]).toString())
    ensure(item !== undefined && 'event' in item && item.event.id === id, 'an event does not arrive')
  }
}

/** Whatever datagrams bring: each event arrives or is refused by name. */
function datagramTarget(
  name: string,
  port: Port,
  inputs: fc.Arbitrary<Buffer>,
  worst: () => Buffer,
): AnyTarget {
  const { protocol: kind } = DEFAULT_LISTENERS[port]
  if (kind.transport !== 'datagrams') throw new Error(`${port} takes no datagrams`)
  const session = kind.create(SETTINGS).open(SETTINGS.limits, () => undefined)
  return defineTarget<Buffer>({
    name,
    inputs,
    worst: () => [{ name: 'the largest one', input: worst }],
    parse: (datagram) => session.read(datagram, PEER),
    check(_, outcome) {
      ensure('value' in outcome, 'it throws')
      checkBody(toBody(outcome.value as readonly Item[]))
    },
  })
}

const repeat = (text: string, head = ''): Buffer =>
  Buffer.from((head + text.repeat(Math.ceil(LARGE_BYTES / text.length))).slice(0, LARGE_BYTES - 64))

const syslogText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<13>1 2026-11-30T11:59:59.123456+01:00 web-1 shop 4711 ID [a@1 b="c \\" \\]"][d] \ufeffm',
        '<158>Nov 30 11:59:59 web-1 shop[4711]: m',
        '<13>*Feb 29 2024 11:59:59.5 UTC: m',
        '11 <13>counted',
        '99 <13>half',
        '<13>1 - - - - - -',
        'no priority',
      ),
      hostileText(10),
    ),
    { maxLength: 4 },
  )
  .chain((texts) => fc.constantFrom('\n', '\0', '\r\n', '').map((end) => texts.join(end)))

const statsdText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a:1|c|@0.1|#b:c,d',
        'a:+1.5e3|g',
        'a;b=c:1:2:3|ms|T1795953600',
        'a:x|s',
        '_e{1,4}:t|text|d:1795953600|t:error|#a:b',
        '_sc|a|2|h:b|m:c',
      ),
      hostileText(10),
    ),
    { maxLength: 4 },
  )
  .map((lines) => lines.join('\n'))

const gelfText = fc
  .array(
    fc.oneof(fc.constantFrom('{"short_message":"m","level":3,"_a":1}', '{"short_message":'), hostileText(10)),
    { maxLength: 3 },
  )
  .map((texts) => texts.join('\0'))

const record = fc.oneof(
  fc.constantFrom<unknown>(
    { message: 'm', level: 'warn', deep: { list: [1, 'two', null, 0.5] } },
    {},
    'none',
    null,
  ),
  fc.dictionary(
    hostileText(4),
    fc.oneof(hostileText(8), fc.double(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  ),
)
const time = fc.constantFrom<unknown>(
  1795953600,
  1795953600.5,
  -1,
  null,
  [1795953600, { a: 1 }],
  new Uint8Array(8),
)
const packed = (entries: readonly (readonly [unknown, unknown])[]): Buffer =>
  Buffer.concat(entries.map((entry) => Buffer.from(encode(entry, { useBigInt64: true }))))
const entries = fc.array(fc.tuple(time, record), { maxLength: 3 })
const option = fc.constantFrom<object[]>([], [{ chunk: 'c' }], [{ size: 1, chunk: 'c' }])
const fluentMessage = fc
  .tuple(fc.constantFrom<unknown>('tag', '', 7), entries, option, fc.nat(3))
  .map(([tag, list, more, mode]): unknown[] => {
    if (mode === 0) return [tag, ...(list[0] ?? [1, {}]), ...more]
    if (mode === 1) return [tag, list, ...more]
    if (mode === 2) return [tag, packed(list), ...more]
    return [tag, gzipSync(packed(list)), { compressed: 'gzip' }]
  })
const fluentBytes = fc
  .array(fluentMessage, { maxLength: 3 })
  .map((messages) =>
    Buffer.concat(messages.map((message) => Buffer.from(encode(message, { useBigInt64: true })))),
  )

/** Broken in a few places, as bytes: texts of other characters are of no use here. */
function brokenBytes(valid: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 2 })
  return fc.tuple(valid, flips, fc.nat(4), fc.nat()).map(([bytes, changes, how, at]) => {
    const copy = Buffer.from(bytes)
    if (copy.length === 0) return copy
    for (const [place, bits] of changes) copy[place % copy.length]! ^= bits
    return how === 0 ? copy.subarray(0, at % copy.length) : copy
  })
}

const nested = (): Buffer =>
  Buffer.concat([Buffer.from([0x93, 0xa1, 0x74, 0x00]), Buffer.alloc(LARGE_BYTES, 0x91)])
const bomb = (): Buffer =>
  Buffer.from(encode(['t', gzipSync(Buffer.alloc(32 * 1024 ** 2)), { compressed: 'gzip' }]))
const manyEntries = (): Buffer => {
  const entry = packed([[1795953600, { message: 'm', a: 1, b: 'text' }]])
  return Buffer.from(encode(['t', Buffer.concat(Array<Buffer>(100_000).fill(entry))]))
}

const ping = fc
  .tuple(
    fc.constantFrom<unknown>('PING', 'HELO', 1),
    fc.array(fc.oneof(hostileText(8), fc.uint8Array(), fc.integer())),
  )
  .map(([name, values]) => Buffer.from(encode([name, ...values])))

/** Where values end, as the library sees it. */
const messagePack = defineTarget<Buffer>({
  name: 'message-pack',
  inputs: brokenBytes(fluentBytes),
  worst: () => [],
  parse: (bytes) => findValue(bytes, 0),
  check(bytes, outcome) {
    let isValue = true
    try {
      decode(bytes, { useBigInt64: true })
    } catch {
      isValue = false
    }
    const end = 'value' in outcome ? (outcome.value as { end: number }).end : undefined
    ensure(end !== undefined || outcome === undefined || !isValue, 'the library reads what this does not')
    ensure(!isValue || end === bytes.length, 'a value ends elsewhere than the library says')
  },
})

/** What comes without HTTP. */
export const listeners: readonly AnyTarget[] = [
  streamTarget('syslog', 'syslogTcp', mutatedBytes(syslogText), [
    ['line feeds', () => repeat('\n')],
    ['a frame of line feeds', () => repeat('\n', '500000 <13>')],
    ['elements', () => repeat('[a b="c"]', '500000 <13>1 - - - - - ')],
    ['parameters', () => repeat(' a="b"', '500000 <13>1 - - - - - [a')],
    ['blanks in an element', () => repeat(' ', '500000 <13>1 - - - - - [a')],
    ['a value without an end', () => repeat('\\"', '500000 <13>1 - - - - - [a b="')],
    ['digits', () => repeat('9')],
    ['blanks', () => repeat(' ', '500000 <13>Nov 30 11:59:59 a')],
    ['many messages', () => repeat('<13>Nov 30 11:59:59 web-1 shop[4711]: m\n')],
  ]),
  streamTarget('statsd', 'statsdTcp', mutatedBytes(statsdText), [
    ['many lines', () => repeat('a:1|c|@0.1|#b:c,d\n')],
    ['many values', () => repeat(':1', 'a:1')],
    ['many tags', () => repeat(',b:c', 'a:1|c|#')],
    ['many tags of one name', () => repeat(',b', 'a:1|c|#')],
    ['many sections', () => repeat('|m:', '_sc|a|0')],
    ['many values with long tags', () => repeat(`a:${'1:'.repeat(700)}1|c|#${'x'.repeat(1000)}\n`)],
  ]),
  datagramTarget('statsd-udp', 'statsdUdp', mutatedBytes(statsdText), () =>
    repeat(`a:${'1:'.repeat(700)}1|c|#${'x'.repeat(1000)}\n`).subarray(0, DATAGRAM_BYTES),
  ),
  datagramTarget('syslog-udp', 'syslogUdp', mutatedBytes(syslogText), () =>
    repeat('[a b="c"]', '<13>1 - - - - - ').subarray(0, DATAGRAM_BYTES),
  ),
  streamTarget('gelf-tcp', 'gelfTcp', mutatedBytes(gelfText), [
    ['many messages', () => repeat('{"short_message":"m"}\0')],
    ['brackets', () => repeat('[', '{"short_message":"m","a":')],
  ]),
  streamTarget('fluent', 'fluentTcp', brokenBytes(fluentBytes), [
    ['lists in lists', nested],
    ['what inflates to very much', bomb],
    ['many entries', manyEntries],
    [
      'small values',
      () => Buffer.concat([Buffer.from([0x92, 0xa1, 0x74, 0xdd, 0, 0x10, 0, 0]), Buffer.alloc(LARGE_BYTES)]),
    ],
  ]),
  streamTarget(
    'fluent-ping',
    'fluentTcp',
    fc.oneof(brokenBytes(ping), brokenBytes(fluentBytes)),
    [['lists in lists', nested]],
    { ...SETTINGS, fluentSharedKey: 'a shared key' },
  ),
  datagramTarget(
    'gelf-udp',
    'gelfUdp',
    fc.oneof(
      mutatedBytes(gelfText),
      brokenBytes(gelfText.map((text) => deflateSync(text))),
      fc
        .tuple(fc.nat(4), fc.nat(4), mutatedBytes(gelfText))
        .map(([n, count, bytes]) =>
          Buffer.concat([Buffer.from([0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, n, count]), bytes]),
        ),
    ),
    () => deflateSync(Buffer.alloc(LARGE_BYTES, 0x20)),
  ),
  messagePack,
]

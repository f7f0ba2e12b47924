import { AppError, createEventIds, type JsonValue } from '@runnel/contracts'
import { readJson } from '@runnel/json'
import { decodeEnvelope, encodeEnvelope } from '@runnel/messaging'
import {
  admit,
  createEndpoints,
  DEFAULT_FORMATS,
  readBody,
  allTexts,
  textsOf,
  type Admission,
  type DecodedBody,
} from '@runnel/ingest-api/parsers'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { repeated, slowObjects } from '../inputs/large-json.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import { defineTarget, type AnyTarget, type WorstCase } from '../target.ts'

/** A request to a route of a wire format. */
export interface WireBody {
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string>>
}

export interface Admitted extends Admission {
  readonly decoded: DecodedBody & { readonly texts: readonly string[] }
}

export const BODY_BYTES = 5 * 1024 ** 2
const EVENT_BYTES = 512 * 1024
const LIMITS = {
  ...{ bodyLimitBytes: BODY_BYTES, batchLimitItems: 10_000, eventLimitBytes: EVENT_BYTES },
  ...{ largeBodyLimitBytes: BODY_BYTES, largeBatchLimitItems: 50_000 },
}

/** The worst cases are for the event loop: in another form they would be beyond another limit. */
const COMPARED_BYTES = 64 * 1024

const nextId = createEventIds()
const endpoints = createEndpoints(DEFAULT_FORMATS, LIMITS)

/**
 * Whatever bytes a wire format is sent: events that arrive as they were made, or named refusals.
 *
 * @param checkBody what has to hold besides, of bodies of the usual sizes
 */
export function formatTarget<Body extends WireBody>(
  name: string,
  url: string,
  inputs: fc.Arbitrary<Body>,
  worst: () => readonly WorstCase<Body>[],
  checkBody?: (body: Body, read: Admitted | 'refused') => void | Promise<void>,
): AnyTarget {
  return defineTarget<Body>({
    name,
    inputs,
    worst,
    parse: (body) => readEvents(url, body),
    async check(body, outcome) {
      ensureDocumented(outcome)
      if ('value' in outcome) checkAdmitted(outcome.value as Admitted)
      if (body.bytes.length > COMPARED_BYTES) return
      await checkBody?.(body, 'value' in outcome ? (outcome.value as Admitted) : 'refused')
    },
  })
}

/** What a route makes of a body. @throws AppError */
async function readEvents(url: string, { bytes, headers }: WireBody): Promise<Admitted> {
  const endpoint = endpoints.find((one) => one.url === url && one.method === 'POST')!
  const request = { headers, query: {}, params: {}, url }
  const { decoded } = await readBody(endpoint, bytes, request, (inflate) => inflate())
  const options = { nextId, eventLimitBytes: EVENT_BYTES, keyForm: 'item' } as const
  // Admission has the bytes of texts used for other bodies.
  const texts = allTexts(decoded.texts)
  return { ...(await admit(decoded, undefined, options)), decoded: { ...decoded, texts } }
}

/**
 * Two bodies that say the same become the same events, and as many of their items are refused.
 *
 * @param read what became of one of them
 * @throws BrokenContractError
 */
export async function ensureSameEvents(
  url: string,
  read: Admitted | 'refused',
  other: WireBody,
  what: string,
): Promise<void> {
  const otherRead = await readEvents(url, other).catch((error: unknown) => {
    if (error instanceof AppError) return error
    throw error
  })
  if (otherRead instanceof AppError)
    return ensure(read === 'refused', `${what}: refused, for ${otherRead.code}: ${otherRead.message}`)
  if (read === 'refused') return ensure(false, `${what}: taken`)
  ensureEvents(otherRead, read.decoded.texts.map(parse), what)
  const refused = [read, otherRead].map(({ decoded }) => decoded.rejected?.length ?? 0)
  ensure(refused[0] === refused[1], `${what}: ${refused.join(' and ')} items are refused`)
}

/** @throws BrokenContractError unless these are the events of a body */
export function ensureEvents({ decoded }: Admitted, expected: readonly unknown[], what: string): void {
  const found = decoded.texts.map(parse)
  if (isDeepStrictEqual(found, expected)) return
  ensure(false, `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Only admission finds out that it is no JSON.
    return { text }
  }
}

function checkAdmitted({ admitted, rejected, decoded }: Admitted): void {
  const { texts, rejected: unread = [] } = decoded
  const isAll = admitted.length + rejected.length === texts.length + unread.length
  ensure(isAll, 'accepted and rejected are not all events')
  const values = new Set(texts)
  for (const encoded of textsOf(admitted)) {
    const [item] = decodeEnvelope(encodeEnvelope([encoded]).toString())
    ensure(item !== undefined && 'event' in item, 'an event does not arrive')
    const { data } = item.event
    const text = JSON.stringify(data)
    const arrives = values.has(text) || texts.some((one) => saysTheSame(one, data))
    ensure(arrives, 'an event arrives as another one')
  }
}

/** Texts that were refused may be no JSON. */
function saysTheSame(text: string, data: JsonValue): boolean {
  try {
    return isDeepStrictEqual(readJson(text), data)
  } catch {
    return false
  }
}

/** JSON objects of such members, of which some are as a client writes them. */
export function objectText(names: readonly string[], values: readonly string[]): fc.Arbitrary<string> {
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: hostileText(10).map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: anyJsonText },
  )
  const member = fc.tuple(fc.constantFrom(...names), value)
  return fc
    .array(member, { maxLength: 8 })
    .map((members) => `{${members.map(([name, of]) => `${JSON.stringify(name)}:${of}`).join(',')}}`)
}

const several = (text: fc.Arbitrary<string>, separator: string) =>
  fc.array(text, { maxLength: 4 }).map((texts) => texts.join(separator))

const json = { 'content-type': 'application/json' }

const gelfText = objectText(
  [
    'version',
    'host',
    'short_message',
    'full_message',
    'timestamp',
    'level',
    '_a',
    '_level',
    '_',
    '___proto__',
  ],
  ['"1.1"', '"m"', '1795953600.123456789', '6', '"6"', '{}', 'null', '1e400'],
)

export const gelf = formatTarget(
  'gelf',
  '/gelf',
  mutatedBytes(fc.oneof(gelfText, several(gelfText, '\n'))).map((bytes) => ({ bytes, headers: json })),
  () => [
    ...slowObjects(BODY_BYTES).map(([name, text]) => worstOf(name, text, json)),
    worstOf('short lines', repeated(BODY_BYTES, '{"short_message":"m"}', '', '', '\n'), json),
    worstOf('invalid lines', repeated(BODY_BYTES, '{}', '', '', '\n'), json),
    worstOf('large lines', repeated(BODY_BYTES, largeGelf(), '', '', '\n'), json),
  ],
)

function largeGelf(): string {
  return repeated(EVENT_BYTES - 1024, '12345678901234567', '{"short_message":"m","_a":[', ']}')
}

const cloudText = objectText(
  ['specversion', 'id', 'source', 'type', 'data', 'data_base64', 'datacontenttype', 'time', 'subject', 'a'],
  [
    '"1.0"',
    '"a"',
    '"product.created"',
    '"product.deleted"',
    '"text/plain"',
    '"AAAA"',
    '{"message":"m"}',
    'null',
  ],
)
const wholeCloudText = cloudText.map((text) =>
  text.replace(/^\{/, '{"specversion":"1.0","id":"1","source":"/s","type":"t"').replace('"t""', '"t","'),
)
const cloudEvent = fc.oneof(cloudText, wholeCloudText)
const structured = { 'content-type': 'application/cloudevents+json' }
const batch = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' }

const binaryHeaders = fc
  .tuple(
    fc.constantFrom('application/json', 'text/plain', 'image/png', 'application/cloudevents+avro'),
    fc.array(
      fc.tuple(fc.constantFrom('id', 'source', 'type', 'subject', 'a', '__proto__'), hostileText(12)),
      {
        maxLength: 4,
      },
    ),
  )
  .map(([type, named]) => ({
    'content-type': type,
    ...{ 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't' },
    ...Object.fromEntries(named.map(([name, text]) => [`ce-${name}`, Buffer.from(text).toString('latin1')])),
  }))

export const cloudEvents = formatTarget(
  'cloud-events',
  '/cloudevents',
  fc.oneof(
    mutatedBytes(cloudEvent).map((bytes) => ({ bytes, headers: structured })),
    mutatedBytes(several(cloudEvent, ',').map((texts) => `[${texts}]`)).map((bytes) => ({
      bytes,
      headers: batch,
    })),
    fc.tuple(mutatedBytes(anyJsonText), binaryHeaders).map(([bytes, headers]) => ({ bytes, headers })),
  ),
  () => [
    ...slowObjects(BODY_BYTES).map(([name, text]) => worstOf(name, text, structured)),
    worstOf('an array without an end', '['.repeat(BODY_BYTES), batch),
    worstOf('a batch of invalid events', repeated(BODY_BYTES, '{}', '[', ']'), batch),
    ...slowObjects(BODY_BYTES).map(([name, text]) =>
      worstOf(`as data, ${name}`, text, {
        ...{ 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't', ...json },
      }),
    ),
    worstOf('a batch of large events', repeated(BODY_BYTES, largeCloudEvent(), '[', ']'), batch),
  ],
)

function largeCloudEvent(): string {
  const head = '{"specversion":"1.0","id":"1","source":"/s","type":"t","data":['
  return repeated(EVENT_BYTES - 1024, '12345678901234567', head, ']}')
}

const hecText = objectText(
  ['time', 'host', 'source', 'sourcetype', 'index', 'event', 'fields'],
  [
    ...[
      '"metric"',
      '"m"',
      '""',
      '1795953600.25',
      '"1795953600"',
      '{"message":{"msg":"m"},"severity":"info"}',
    ],
    ...['{"metric_name:a":0.5,"region":"eu"}', '{"metric_name":"a","_value":"9007199254740993"}', '{"a":{}}'],
  ],
)
const form = { 'content-type': 'application/x-www-form-urlencoded' }

export const hec = formatTarget(
  'splunk-hec',
  '/services/collector/event',
  fc
    .constantFrom('', '\n', ',')
    .chain((separator) => mutatedBytes(several(hecText, separator)))
    .map((bytes) => ({ bytes, headers: form })),
  () => [
    ...slowObjects(BODY_BYTES).map(([name, text]) => worstOf(name, text, form)),
    worstOf('small events', repeated(BODY_BYTES, '{"event":"m"}', '', '', ''), form),
    worstOf('invalid objects', repeated(BODY_BYTES, '{}', '', '', ''), form),
    worstOf('what is no object', repeated(BODY_BYTES, 'x{', '', '', ''), form),
    worstOf('brackets without an end', '{'.repeat(BODY_BYTES), form),
    worstOf('an array without an end', '['.repeat(BODY_BYTES), form),
    worstOf('metrics', repeated(BODY_BYTES, manyMetrics(), '', '', ''), form),
  ],
)

function manyMetrics(): string {
  const fields = Array.from({ length: 5000 }, (_, i) => `"metric_name:m${i}":${i}.5`)
  return `{"event":"metric","fields":{${fields.join(',')}}}`
}

const journalName = fc.constantFrom(
  'MESSAGE',
  'PRIORITY',
  '__CURSOR',
  '__REALTIME_TIMESTAMP',
  'A',
  '__proto__',
  '',
)
const journalField = fc
  .tuple(
    journalName,
    fc.oneof(fc.constantFrom('4', '1795953600123456', 's=1'), hostileText(12)),
    fc.boolean(),
  )
  .map(([name, value, isText]) => (isText ? `${name}=${value}\n` : lengthPrefixed(name, value)))
const journalText = fc.array(fc.oneof({ weight: 4, arbitrary: journalField }, fc.constant('\n')), {
  maxLength: 10,
})
const journal = { 'content-type': 'application/vnd.fdo.journal' }

export const journald = formatTarget(
  'journald',
  '/upload',
  mutatedBytes(journalText.map((fields) => fields.join(''))).map((bytes) => ({ bytes, headers: journal })),
  () => [
    worstOf('one entry of short fields', 'A=\n'.repeat(BODY_BYTES / 3), journal),
    worstOf('short entries', 'A=\n\n'.repeat(BODY_BYTES / 4), journal),
    worstOf('empty lines', '\n'.repeat(BODY_BYTES), journal),
    worstOf('malformed lines', '=\n'.repeat(BODY_BYTES / 2), journal),
    worstOf('a field', `A=${'x'.repeat(BODY_BYTES)}`, journal),
    worstOf('an invalid line', 'x'.repeat(BODY_BYTES), journal),
    worstOf('large entries', `A=${'\u00e4'.repeat(EVENT_BYTES / 3)}\n\n`.repeat(20), journal),
  ],
)

/** As the journal writes what holds a newline. */
function lengthPrefixed(name: string, value: string): string {
  const length = String.fromCharCode(Buffer.byteLength(value) % 128)
  return `${name}\n${length}${'\0'.repeat(7)}${value}\n`
}

export function worstOf(name: string, text: string, headers: WireBody['headers']): WorstCase<WireBody> {
  return { name, input: () => ({ bytes: Buffer.from(text.slice(0, BODY_BYTES)), headers }) }
}

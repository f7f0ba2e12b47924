import { SPAN_KINDS, SPAN_STATUSES, type JsonObject, type Kind } from '@runnel/contracts'
import fc from 'fast-check'

/** Where an event carries its number, so that it is recognised in the table. */
export const NUMBER = '№'

/** Text without what Runnel refuses: NUL; `binary` units make no lone surrogates. */
const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((one) => one.replaceAll('\0', '')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '\\',
      '"',
      '\u2028',
      '\ufeff',
      '\uffff',
      '\u0001\u001f\u007f',
      "'; drop table log",
      '\\u0000',
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 3000 }).map((size) => 'ß'.repeat(size)) },
)

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`))

/** Decimals within the bounds that Runnel promises, with the zeros that their senders wrote. */
const decimal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      digits(0, 49).map((rest) => `${1 + (rest.length % 9)}${rest}`),
    ),
    fc.option(digits(1, 50), { nil: undefined }),
    fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
  )
  .map(([sign, whole, fraction, exponent]) => {
    const places = fraction === undefined ? '' : `.${fraction}`
    return JSON.rawJSON(`${sign}${whole}${places}${exponent === undefined ? '' : `e${exponent}`}`)
  })

const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    5e-324,
    -5e-324,
    1e308,
    -1e308,
    Number.MAX_VALUE,
    Number.EPSILON,
    0.1 + 0.2,
    1e20,
    1e21,
    1e-7,
  ),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  decimal,
)

const oddName = fc.oneof(
  { weight: 3, arbitrary: text },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'length',
      '0',
      '-1',
      'a.b',
      'a/b',
      '',
    ),
  },
)

/** Names that mean something to a kind are given by its own generator. */
const KNOWN = new Set(
  ['name', 'value', 'unit', 'tags', 'timestamp', 'data', 'eventId', 'level', 'service', 'message'].concat([
    ...['traceId', 'spanId', 'parentSpanId', 'kind', 'status', 'startTime', 'endTime', 'attributes'],
    ...['resource', 'scope', 'events', 'links'],
    'id',
    'price',
    'manufacturer',
    'version',
    NUMBER,
  ]),
)
const memberName = oddName.filter((one) => !KNOWN.has(one))

const json = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'event' },
    fc.constantFrom(null, true, false),
    number,
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(memberName, tie('value'), { maxKeys: 5, noNullPrototype: true }),
}))

const short = text.map((one) => one.slice(0, 30).toWellFormed())
const timestamp = fc.constantFrom(
  '2025-06-01T12:30:15Z',
  1_700_000_000,
  JSON.rawJSON('1700000000.0'),
  1_700_000_000_123,
  '2025-06-01',
)
const optional = { requiredKeys: [] }

/** Adds members to an object without touching its prototype, whatever their names are. */
function merge(base: object, more: object): JsonObject {
  return Object.fromEntries([...Object.entries(base), ...Object.entries(more)]) as JsonObject
}

const log = fc
  .tuple(
    json.object,
    fc.record(
      {
        level: fc.oneof(short, number),
        message: json.value,
        service: fc.oneof(short, json.value),
        timestamp: json.value,
      },
      optional,
    ),
  )
  .filter(([, { service }]) => typeof service !== 'string' || Buffer.byteLength(service) <= 512)
  .map(([odd, known]) => merge(odd, known))

const metric = fc
  .tuple(
    json.object,
    json.object,
    fc.record(
      {
        name: short,
        value: number,
        unit: text,
        timestamp,
        tags: fc.dictionary(oddName, fc.oneof(text, number, fc.boolean(), fc.constant(null)), {
          noNullPrototype: true,
        }),
      },
      optional,
    ),
  )
  .map(([extra, odd, known]) => merge(extra, { data: merge(odd, known) }))

const product = fc
  .tuple(
    json.object,
    fc.record(
      {
        id: fc.integer({ min: 0, max: 50 }),
        manufacturer: fc.oneof(short, fc.constant(null)),
        version: fc.oneof(fc.integer({ min: 0, max: 1e9 }), fc.constant(null)),
      },
      optional,
    ),
    fc.record({ name: short.map((one) => `n${one}`), price: number }),
  )
  .map(([odd, known, needed]) => merge(merge(odd, known), needed))

const hex = (digits: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-fA-F]{${digits}}$`)).filter((one) => !/^0+$/.test(one))

const span = fc
  .tuple(
    json.object,
    fc.record({
      traceId: hex(32),
      spanId: hex(16),
      name: text,
      service: text,
      startTime: timestamp,
      endTime: timestamp,
    }),
    fc.record(
      {
        parentSpanId: hex(16),
        kind: fc.constantFrom(...SPAN_KINDS),
        status: fc.record({ code: fc.constantFrom(...SPAN_STATUSES), message: text }, optional),
        attributes: json.object,
        resource: json.object,
        events: fc.array(json.object, { maxLength: 3 }),
        links: fc.array(json.object, { maxLength: 3 }),
      },
      optional,
    ),
  )
  .map(([odd, needed, known]) => merge(merge(odd, needed), known))

const GENERATORS: Record<Kind, fc.Arbitrary<JsonObject>> = {
  logs: log,
  metrics: metric,
  products: product,
  traces: span,
}

/** What makes an event another one than those before it. */
function ownMembers(kind: Kind, index: number): object {
  const number = { [NUMBER]: index }
  return kind === 'traces' ? { ...number, spanId: (index + 1).toString(16).padStart(16, '0') } : number
}

/** @returns `count` events of a kind that Runnel has to take, each with its index as {@link NUMBER} */
export function goodEvents(kind: Kind, count: number, seed: number): JsonObject[] {
  return fc
    .sample(GENERATORS[kind], { numRuns: count, seed })
    .map((event, index) => merge(event, ownMembers(kind, index)))
}

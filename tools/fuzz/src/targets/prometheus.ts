import { AppError } from '@runnel/contracts'
import { create, fromBinary, toBinary, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { parseReadRequest, PLAIN_NAMES } from '@runnel/query-api/parsers'
import { ReadRequestSchema, WriteRequestSchema, type WriteRequest } from '@runnel/wire/prometheus/remote'
import { RequestSchema } from '@runnel/wire/prometheus/write/v2/types'
import { deflateSnappy, inflateSnappy } from '@runnel/wire/snappy'
import fc from 'fast-check'
import { ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { brokenBytes } from '../inputs/mutate.ts'
import { defineTarget, type AnyTarget, type WorstCase } from '../target.ts'
import {
  BODY_BYTES,
  ensureEvents,
  ensureSameEvents,
  formatTarget,
  type Admitted,
  type WireBody,
} from './wire-formats.ts'

const FIRST = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
const SECOND = { ...FIRST, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }

const text = fc.oneof(
  fc.constantFrom('__name__', 'job', 'le', '__proto__', ''),
  hostileText(12).map((one) => one.toWellFormed()),
)
const time = fc.oneof(fc.constant(1_795_953_600_000n), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
const label = fc.record({ name: text, value: text })
const sample = fc.record({ value: fc.double(), timestamp: time })
const histogram = fc.record({
  sum: fc.double(),
  schema: fc.integer({ min: -60, max: 60 }),
  positiveDeltas: fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 3 }),
  timestamp: time,
})
const named = fc.array(label, { maxLength: 3 }).map((labels) => [{ name: '__name__', value: 'x' }, ...labels])

/** Series as Prometheus has them: each label once, and times of this century. */
const plainSeries = fc.record({
  labels: fc
    .uniqueArray(label, { selector: ({ name }) => name, maxLength: 4 })
    .map((labels) => [
      { name: '__name__', value: 'up' },
      ...labels.filter(({ name }) => name !== '' && name !== '__name__'),
    ]),
  samples: fc.array(
    fc.record({
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      timestamp: fc.bigInt({ min: 0n, max: 3_999_999_999_999n }),
    }),
    { maxLength: 3 },
  ),
})

const plainRequest = fc
  .array(plainSeries, { maxLength: 3 })
  .map((timeseries) => toBinary(WriteRequestSchema, create(WriteRequestSchema, { timeseries })))

const firstRequest = fc
  .array(
    fc.record({
      labels: fc.oneof(named, fc.array(label, { maxLength: 3 })),
      samples: fc.array(sample, { maxLength: 3 }),
      histograms: fc.array(histogram, { maxLength: 1 }),
      exemplars: fc.array(
        fc.record({ labels: fc.array(label, { maxLength: 2 }), value: fc.double(), timestamp: time }),
        { maxLength: 1 },
      ),
    }),
    { maxLength: 3 },
  )
  .map((timeseries) => toBinary(WriteRequestSchema, create(WriteRequestSchema, { timeseries })))

const secondRequest = fc
  .tuple(
    fc.array(text, { maxLength: 6 }),
    fc.array(
      fc.record({
        labelsRefs: fc.oneof(fc.constant<number[]>([0, 1]), fc.array(fc.nat(8), { maxLength: 6 })),
        samples: fc.array(sample, { maxLength: 3 }),
        histograms: fc.array(histogram, { maxLength: 1 }),
        createdTimestamp: time,
      }),
      { maxLength: 3 },
    ),
  )
  .map(([symbols, timeseries]) =>
    toBinary(RequestSchema, create(RequestSchema, { symbols: ['__name__', 'x', ...symbols], timeseries })),
  )

/** Damaged within the block, or the block itself. */
function broken(messages: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> {
  return fc.oneof(
    { weight: 9, arbitrary: brokenBytes(messages).map(deflateSnappy) },
    { weight: 1, arbitrary: brokenBytes(messages.map((message) => deflateSnappy(Buffer.from(message)))) },
  )
}

const URL = '/api/v1/write'

/**
 * What the library reads, and takes whole, is the same however it is written; of samples alone it is known which metrics they are.
 * Here texts are read one by one, and a series costs itself alone.
 */
async function checkWritten({ bytes, headers }: WireBody, read: Admitted | 'refused'): Promise<void> {
  const message = readBlock(bytes)
  if (message === undefined) return
  const isFirst = headers === FIRST
  const [schema, written] = isFirst
    ? [WriteRequestSchema, readByLibrary(WriteRequestSchema, message)]
    : [RequestSchema, readByLibrary(RequestSchema, message)]
  const isWhole = read !== 'refused' && (read.decoded.rejected ?? []).length === 0
  if (written === undefined) return
  const again = Buffer.from(toBinary(schema as GenMessage<Message>, written))
  if (!isWhole && !message.equals(again)) return
  await ensureSameEvents(URL, read, { bytes: deflateSnappy(again), headers }, 'as the library writes it')
  if (read === 'refused') return
  const expected = isFirst ? metricsOf(written as WriteRequest) : undefined
  if (expected !== undefined) ensureEvents(read, expected, 'by its samples')
}

function readBlock(bytes: Buffer): Buffer | undefined {
  try {
    return inflateSnappy(bytes, BODY_BYTES)
  } catch {
    return undefined
  }
}

function readByLibrary<M extends Message>(schema: GenMessage<M>, bytes: Buffer): M | undefined {
  try {
    return fromBinary(schema, bytes)
  } catch {
    return undefined
  }
}

/** @returns the metrics that a request has to become; undefined where it has more than well-formed series of finite samples */
function metricsOf({ timeseries }: WriteRequest): readonly unknown[] | undefined {
  const metrics: unknown[] = []
  for (const { labels, samples, histograms, exemplars } of timeseries) {
    const tags = new Map(labels.map(({ name, value }) => [name, value]))
    const name = tags.get('__name__') ?? ''
    const isPlain = histograms.length + exemplars.length === 0 && tags.size === labels.length
    const isNamed = name !== '' && !tags.has('')
    const isFinite = samples.every(({ value }) => Number.isFinite(value))
    const isTimely = samples.every(({ timestamp }) => timestamp >= 0n && timestamp < 4_000_000_000_000n)
    if (!isPlain || !isNamed || !isFinite || !isTimely) return undefined
    const kept = [...tags].filter(([tag, value]) => tag !== '__name__' && value !== '')
    for (const { value, timestamp } of samples) {
      const time = new Date(Number(timestamp)).toISOString()
      metrics.push({ data: { name, value, tags: Object.fromEntries(kept), timestamp: time } })
    }
  }
  return metrics
}

/** A message of about that many bytes: one field again and again. */
function repeatedField(bytes: number, field: Uint8Array): Buffer {
  return deflateSnappy(Buffer.concat(Array<Uint8Array>(Math.floor(bytes / field.length)).fill(field)))
}

function encodeSeries(labels: number, samples: number, size = 8): Uint8Array {
  const timeseries = [
    {
      labels: [
        { name: '__name__', value: 'x' },
        ...Array.from({ length: labels }, (_, i) => ({ name: `l${i}`, value: 'v'.repeat(size) })),
      ],
      samples: Array.from({ length: samples }, (_, i) => ({ value: i, timestamp: BigInt(i) })),
    },
  ]
  return toBinary(WriteRequestSchema, create(WriteRequestSchema, { timeseries }))
}

const worst = (name: string, bytes: () => Buffer, headers = FIRST): WorstCase<WireBody> => ({
  name,
  input: () => ({ bytes: bytes(), headers }),
})

export const remoteWrite: AnyTarget = formatTarget(
  'remote-write',
  URL,
  fc.oneof(
    broken(fc.oneof(firstRequest, plainRequest)).map((bytes) => ({ bytes, headers: FIRST })),
    broken(secondRequest).map((bytes) => ({ bytes, headers: SECOND })),
  ),
  () => [
    worst('small series', () => repeatedField(BODY_BYTES, encodeSeries(0, 1))),
    worst('one long series', () => deflateSnappy(Buffer.from(encodeSeries(8, 45_000)))),
    worst('many labels', () => repeatedField(BODY_BYTES, encodeSeries(500, 1))),
    worst('empty series', () => repeatedField(BODY_BYTES, Uint8Array.of(0x0a, 0))),
    worst('empty samples', () =>
      deflateSnappy(Buffer.concat([Buffer.from([0x0a, 0x80, 0x80, 0x40]), emptySamples(2 ** 20)])),
    ),
    worst('texts of a table', () => repeatedField(BODY_BYTES, Uint8Array.of(0x22, 1, 0x78)), SECOND),
  ],
  checkWritten,
)

function emptySamples(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, i) => (i % 2 === 0 ? 0x12 : 0)))
}

const readRequest = fc
  .array(
    fc.record({
      startTimestampMs: time,
      endTimestampMs: time,
      matchers: fc.array(
        fc.record({
          type: fc.constantFrom(0, 1, 2, 3),
          name: text,
          value: fc.oneof(text, fc.constantFrom('a|b', '.+', '(', '[a-z]{1,900}', '(?i)x', '(a*)*b')),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 3 },
  )
  .map((queries) =>
    toBinary(
      ReadRequestSchema,
      create(ReadRequestSchema, { queries: queries as never[], acceptedResponseTypes: [1, 0] }),
    ),
  )

/** Selectors of remote read, compared with a text each. */
export const remoteRead = defineTarget<Buffer>({
  name: 'remote-read',
  inputs: broken(readRequest),
  worst: () => [
    { name: 'a slow pattern', input: () => encodeMatcher('(a*)*(a|b)*[ab]{1,200}c') },
    {
      name: 'a long list',
      input: () => encodeMatcher(Array.from({ length: 50_000 }, (_, i) => `h${i}`).join('|')),
    },
    { name: 'nested groups', input: () => encodeMatcher('('.repeat(1000) + 'a' + ')'.repeat(1000)) },
    { name: 'large repetitions', input: () => encodeMatcher('((a{100}){100}){100}') },
    { name: 'many repetitions', input: () => encodeMatcher('.{0,1000}'.repeat(450)) },
    { name: 'as many as are taken', input: () => encodeMatcher('.{0,490}'.repeat(5)) },
    { name: 'classes of Unicode', input: () => encodeMatcher(`(?i)${'\\pL'.repeat(450)}`) },
  ],
  parse(bytes) {
    const { queries } = parseReadRequest(bytes, 1024 ** 2, PLAIN_NAMES)
    return queries.map(({ ofName, ofLabels }) =>
      [...ofName, ...ofLabels].map((one) => one.matches('ab'.repeat(200))),
    )
  },
  check: (_, outcome) =>
    ensureDocumented(outcome, (error) => error instanceof AppError && error.code !== 'internal'),
})

function encodeMatcher(value: string): Buffer {
  const matchers = [{ type: 2 as const, name: 'a', value }]
  const bytes = toBinary(ReadRequestSchema, create(ReadRequestSchema, { queries: [{ matchers }] }))
  return deflateSnappy(Buffer.from(bytes))
}

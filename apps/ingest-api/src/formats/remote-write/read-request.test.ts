import { describe, expect, it } from '@jest/globals'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { WriteRequestSchema, type WriteRequest } from '@runnel/wire/prometheus/remote'
import fc from 'fast-check'
import { readRequestV1 } from './read-request-v1.ts'
import { readRequestV2 } from './read-request-v2.ts'
import type { Label, WrittenSeries } from './written-series.ts'

const text = fc.string({ unit: 'binary', maxLength: 8 }).map((one) => one.toWellFormed())
const int64 = fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n })
const label = fc.record({ name: text, value: text })
const double = fc.double()
const request = fc.record({
  timeseries: fc.array(
    fc.record({
      labels: fc.array(label, { maxLength: 4 }),
      samples: fc.array(fc.record({ value: double, timestamp: int64 }), { maxLength: 4 }),
      exemplars: fc.array(
        fc.record({ labels: fc.array(label, { maxLength: 2 }), value: double, timestamp: int64 }),
        { maxLength: 2 },
      ),
      histograms: fc.array(
        fc.record({ sum: double, schema: fc.integer({ min: -4, max: 8 }), timestamp: int64 }),
        {
          maxLength: 2,
        },
      ),
    }),
    { maxLength: 4 },
  ),
  metadata: fc.array(fc.record({ metricFamilyName: text, help: text }), { maxLength: 2 }),
})

/** Without the pauses. */
const seriesOf = (found: Iterable<WrittenSeries | undefined>) => [...found].filter((one) => one !== undefined)

const toLabel = ([name, value]: Label) => ({
  name: JSON.parse(name) as string,
  value: JSON.parse(value) as string,
})

/** What the reader gives, of what the library reads. */
const read = (bytes: Uint8Array) =>
  seriesOf(readRequestV1(Buffer.from(bytes), 1000)).map(
    ({ labels, samples, histograms, exemplars, problem }) => ({
      problem,
      labels: labels.map(toLabel),
      samples: samples.map(({ value, timestampMs }) => ({ value, timestampMs })),
      histograms: histograms.map(({ histogram }) => histogram),
      exemplars: exemplars.map(({ value, timestampMs, ...one }) => ({
        ...{ value, timestampMs },
        labels: one.labels.map(toLabel),
      })),
    }),
  )
const strip = ({ timeseries }: WriteRequest) =>
  timeseries.map(({ labels, samples, histograms, exemplars }) => ({
    problem: undefined,
    labels: labels.map(({ name, value }) => ({ name, value })),
    samples: samples.map(({ value, timestamp }) => ({ value, timestampMs: Number(timestamp) })),
    histograms,
    exemplars: exemplars.map(({ value, timestamp, ...one }) => ({
      ...{ value, timestampMs: Number(timestamp) },
      labels: one.labels.map(({ name, value: text }) => ({ name, value: text })),
    })),
  }))

describe('the reader of write requests', () => {
  it('reads what the library reads', () => {
    fc.assert(
      fc.property(request, (init) => {
        const bytes = toBinary(WriteRequestSchema, create(WriteRequestSchema, init))
        expect(read(bytes)).toEqual(strip(fromBinary(WriteRequestSchema, bytes)))
      }),
    )
  })

  it('reads broken bytes as the library does, where neither refuses them', () => {
    fc.assert(
      fc.property(request, fc.nat(), fc.nat(255), (init, at, byte) => {
        const bytes = toBinary(WriteRequestSchema, create(WriteRequestSchema, init))
        if (bytes.length > 0) bytes[at % bytes.length] = byte
        const ours = attempt(() => read(bytes))
        const theirs = attempt(() => strip(fromBinary(WriteRequestSchema, bytes)))
        if (ours === undefined || theirs === undefined || ours.some(({ problem }) => problem !== undefined))
          return
        expect(ours).toEqual(theirs)
      }),
    )
  })
})

describe('what is no sample', () => {
  /** Of a number that no message here has, a number. */
  const unknown = (count: number) => Buffer.alloc(2 * count, Buffer.from([0x78, 1]))
  const message = (tag: number, content: Buffer) =>
    Buffer.concat([Buffer.from([tag, ...varint(content.length)]), content])

  it('lets others have the process', () => {
    for (const read of [readRequestV1, readRequestV2])
      expect([...read(unknown(5500), 1000)]).toStrictEqual(Array(5).fill(undefined))
  })

  it.each<[string, typeof readRequestV1 | typeof readRequestV2, readonly number[]]>([
    ['a series', readRequestV1, [0x0a]],
    ['a series of the second version', readRequestV2, [0x2a]],
    ['a label', readRequestV1, [0x0a, 0x0a]],
    ['a sample', readRequestV1, [0x0a, 0x12]],
    ['a sample of the second version', readRequestV2, [0x2a, 0x12]],
  ])('ends a series where there is too much of it in %s', (_, read, tags) => {
    const within = (content: Buffer) => tags.reduceRight((inner, tag) => message(tag, inner), content)
    const problemOf = (count: number) => seriesOf(read(within(unknown(count)), 1000))[0]!.problem
    expect(problemOf(100_000)).toBeUndefined()
    expect(problemOf(100_002)).toContain('too many')
    // What comes behind it is read.
    const other = message(tags[0]!, message(0x12, Buffer.alloc(0)))
    expect(seriesOf(read(Buffer.concat([within(unknown(200_000)), other]), 1000))[1]).toMatchObject({
      problem: undefined,
      samples: [{ value: 0 }],
    })
  })

  it('are texts of the table: ten for each event that a body may hold', () => {
    const texts = (count: number) => Buffer.alloc(2 * count, Buffer.from([0x22, 0]))
    expect(seriesOf(readRequestV2(texts(10_000), 1000))).toEqual([])
    expect(() => [...readRequestV2(texts(10_001), 1000)]).toThrow(
      expect.objectContaining({ code: 'too_many_items' }),
    )
  })

  it('are series that are empty: as many as a body may hold', () => {
    const empty = Buffer.alloc(2 * 1001, Buffer.from([0x2a, 0]))
    expect(seriesOf(readRequestV2(empty.subarray(2), 1000))).toHaveLength(1000)
    expect(() => [...readRequestV2(empty, 1000)]).toThrow(expect.objectContaining({ code: 'too_many_items' }))
  })
})

function varint(number: number): number[] {
  return number < 0x80 ? [number] : [(number & 0x7f) | 0x80, ...varint(number >>> 7)]
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

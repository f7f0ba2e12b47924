import { describe, expect, it } from '@jest/globals'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { WriteRequestSchema, type WriteRequest } from '@runnel/wire/prometheus/remote'
import fc from 'fast-check'
import { readRequestV1 } from './read-request-v1.ts'

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

/** What the reader gives, of what the library reads. */
const read = (bytes: Uint8Array) =>
  [...readRequestV1(Buffer.from(bytes), 1000)].map(({ labels, samples, histograms, exemplars, problem }) => ({
    problem,
    labels: labels.map(([name, value]) => ({ name, value })),
    samples: samples.map(({ value, timestampMs }) => ({ value, timestampMs })),
    histograms: histograms.map(({ histogram }) => histogram),
    exemplars: exemplars.map(({ value, timestampMs, ...one }) => ({
      ...{ value, timestampMs },
      labels: one.labels.map(([name, text]) => ({ name, value: text })),
    })),
  }))
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

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

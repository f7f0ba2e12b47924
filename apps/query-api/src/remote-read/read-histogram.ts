import { create, fromBinary } from '@bufbuild/protobuf'
import { Histogram_ResetHint, HistogramSchema, type Histogram } from '@runnel/wire/prometheus/types'
import { readSpecialValue, type DoubleBits } from '@runnel/wire/special-value'
import { SUM_BYTES } from './encode-histogram.ts'

/** A native histogram as chunks need it. */
export interface ReadHistogram {
  readonly message: Histogram
  readonly sum: DoubleBits
  readonly isStale: boolean
  readonly isFloat: boolean
  readonly isGauge: boolean
  /** That the one before it was of another count, as its sender said. */
  readonly isFirst: boolean
  /** Of its buckets, those of positive values first: how many each has counted. */
  readonly counts: readonly (bigint | number)[]
}

/** @param bytes as `encodeHistogram` made them */
export function readHistogram(bytes: Buffer): ReadHistogram {
  const read = fromBinary(HistogramSchema, bytes)
  const at = bytes.length - SUM_BYTES
  const sum = { low: bytes.readUInt32LE(at), high: bytes.readUInt32LE(at + 4) }
  const isStale = Number.isNaN(read.sum) && readSpecialValue(bytes, at) === 'stale'
  const isFloat = read.count.case === 'countFloat'
  // A marker has no buckets: nothing of it but its sum and its time is ever looked at.
  const message = isStale ? create(HistogramSchema, { timestamp: read.timestamp }) : read
  return {
    ...{ message, sum, isStale, isFloat },
    isGauge: message.resetHint === Histogram_ResetHint.GAUGE,
    isFirst: message.resetHint === Histogram_ResetHint.YES,
    counts: isFloat
      ? [...message.positiveCounts, ...message.negativeCounts]
      : [...sumUp(message.positiveDeltas), ...sumUp(message.negativeDeltas)],
  }
}

function sumUp(deltas: readonly bigint[]): bigint[] {
  let count = 0n
  return deltas.map((delta) => (count += delta))
}

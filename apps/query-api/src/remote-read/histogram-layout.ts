import type { BucketSpan, Histogram } from '@runnel/wire/prometheus/types'
import type { BitWriter } from './bit-writer.ts'
import { bitsOfDouble } from './bits-of-double.ts'
import { writeVarbitInt, writeVarbitUint } from './varbit.ts'

/** What all histograms of a chunk share: which buckets there are. */
export type HistogramLayout = Pick<
  Histogram,
  'schema' | 'zeroThreshold' | 'positiveSpans' | 'negativeSpans' | 'customValues'
>

/** The schema of histograms whose buckets have bounds of their own. */
const CUSTOM_BUCKETS = -53

/** Bounds of buckets with up to three decimals are written as thousandths, where these fit into 25 bits. */
const MAX_THOUSANDTHS = 33_554_430

export function isSameLayout(one: HistogramLayout, other: HistogramLayout): boolean {
  return (
    one.schema === other.schema &&
    Object.is(one.zeroThreshold, other.zeroThreshold) &&
    isSame(one.positiveSpans, other.positiveSpans, isSameSpan) &&
    isSame(one.negativeSpans, other.negativeSpans, isSameSpan) &&
    isSame(one.customValues, other.customValues, Object.is)
  )
}

function isSame<T>(some: readonly T[], others: readonly T[], equals: (a: T, b: T) => boolean): boolean {
  return some.length === others.length && some.every((one, i) => equals(one, others[i]!))
}

function isSameSpan(one: BucketSpan, other: BucketSpan): boolean {
  return one.offset === other.offset && one.length === other.length
}

export function writeLayout(out: BitWriter, layout: HistogramLayout): void {
  writeZeroThreshold(out, layout.zeroThreshold)
  writeVarbitInt(out, BigInt(layout.schema))
  writeSpans(out, layout.positiveSpans)
  writeSpans(out, layout.negativeSpans)
  if (layout.schema !== CUSTOM_BUCKETS) return
  writeVarbitUint(out, BigInt(layout.customValues.length))
  for (const bound of layout.customValues) writeBound(out, bound)
}

/** A power of two, as it usually is, takes one byte: its exponent. */
function writeZeroThreshold(out: BitWriter, threshold: number): void {
  if (threshold === 0) return out.write(0, 8)
  const { high, low } = bitsOfDouble(threshold)
  const isPower = low === 0 && (high & 0xfffff) === 0
  const exponent = (high >>> 20) - 1022
  if (isPower && exponent >= -242 && exponent <= 11) return out.write(exponent + 243, 8)
  out.write(255, 8)
  writeDouble(out, threshold)
}

function writeSpans(out: BitWriter, spans: readonly BucketSpan[]): void {
  writeVarbitUint(out, BigInt(spans.length))
  for (const { offset, length } of spans) {
    writeVarbitUint(out, BigInt(length))
    writeVarbitInt(out, BigInt(offset))
  }
}

function writeBound(out: BitWriter, bound: number): void {
  const thousandths = Math.round(bound * 1000)
  if (thousandths >= 0 && thousandths <= MAX_THOUSANDTHS && Object.is(thousandths / 1000, bound))
    return writeVarbitUint(out, BigInt(thousandths) + 1n)
  out.write(0, 1)
  writeDouble(out, bound)
}

function writeDouble(out: BitWriter, value: number): void {
  const { high, low } = bitsOfDouble(value)
  out.write(high, 32)
  out.write(low, 32)
}

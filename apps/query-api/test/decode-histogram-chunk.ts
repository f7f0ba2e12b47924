import { create } from '@bufbuild/protobuf'
import { Chunk_Encoding, HistogramSchema, type Histogram } from '@runnel/wire/prometheus/types'
import { BitReader } from './bit-reader.ts'

const SIZES = [3, 6, 9, 12, 18, 25, 56, 64]

export interface DecodedHistograms {
  readonly header: number
  readonly histograms: readonly Histogram[]
  /** Of the sums. */
  readonly bits: readonly bigint[]
}

/** A reader of chunks of histograms of its own, after their description: slow, and with nothing of the writer in it. */
export function decodeHistogramChunk(type: Chunk_Encoding, bytes: Uint8Array): DecodedHistograms {
  const reader = new BitReader(bytes)
  const count = Number(reader.take(16))
  const header = Number(reader.take(8))
  const layout = takeLayout(reader)
  const isFloat = type === Chunk_Encoding.FLOAT_HISTOGRAM
  const take = isFloat ? floatTaker(reader, layout) : integerTaker(reader, layout)
  const found = Array.from({ length: count }, (_, i) => take(i))
  return { header, histograms: found.map(([one]) => one), bits: found.map(([, bits]) => bits) }
}

type Layout = ReturnType<typeof takeLayout>

function takeLayout(reader: BitReader) {
  const power = Number(reader.take(8))
  const zeroThreshold = power === 0 ? 0 : power === 255 ? toDouble(reader.take(64)) : 2 ** (power - 244)
  const schema = Number(takeInt(reader))
  const spans = () =>
    Array.from({ length: Number(takeUint(reader)) }, () => {
      const length = Number(takeUint(reader))
      return { length, offset: Number(takeInt(reader)) }
    })
  const [positiveSpans, negativeSpans] = [spans(), spans()]
  const customValues =
    schema === -53 ? Array.from({ length: Number(takeUint(reader)) }, () => takeBound(reader)) : []
  return { zeroThreshold, schema, positiveSpans, negativeSpans, customValues }
}

const sizeOf = (spans: readonly { length: number }[]) => spans.reduce((sum, { length }) => sum + length, 0)

function floatTaker(reader: BitReader, layout: Layout) {
  const [positive, negative] = [sizeOf(layout.positiveSpans), sizeOf(layout.negativeSpans)]
  const columns = Array.from({ length: 3 + positive + negative }, () => ({ bits: 0n, leading: 0, middle: 0 }))
  const time = timeTaker(reader)
  return (i: number) => {
    const timestamp = time(i)
    for (const column of columns) column.bits = i === 0 ? reader.take(64) : reader.takeXor(column)
    const [count, zero, sum, ...counts] = columns.map(({ bits }) => toDouble(bits))
    const histogram = create(HistogramSchema, {
      ...{ ...layout, timestamp, sum: sum! },
      count: { case: 'countFloat', value: count! },
      zeroCount: { case: 'zeroCountFloat', value: zero! },
      ...{ positiveCounts: counts.slice(0, positive), negativeCounts: counts.slice(positive) },
    })
    return [histogram, columns[2]!.bits] as const
  }
}

function integerTaker(reader: BitReader, layout: Layout) {
  const positive = sizeOf(layout.positiveSpans)
  const buckets = positive + sizeOf(layout.negativeSpans)
  const [values, deltas] = [Array<bigint>(2 + buckets).fill(0n), Array<bigint>(2 + buckets).fill(0n)]
  const sum = { bits: 0n, leading: 0, middle: 0 }
  const time = timeTaker(reader)
  const takeOne = (i: number, at: number) => {
    if (i === 0 && at < 2) values[at] = takeUint(reader)
    else if (i === 0) values[at] = takeInt(reader)
    else {
      deltas[at] = takeInt(reader) + (i === 1 ? 0n : deltas[at]!)
      values[at] = BigInt.asIntN(64, values[at]! + deltas[at]!)
    }
  }
  return (i: number) => {
    const timestamp = time(i)
    for (const at of [0, 1]) takeOne(i, at)
    if (i === 0) sum.bits = reader.take(64)
    else reader.takeXor(sum)
    for (let at = 2; at < values.length; at++) takeOne(i, at)
    const histogram = create(HistogramSchema, {
      ...{ ...layout, timestamp, sum: toDouble(sum.bits) },
      count: { case: 'countInt', value: BigInt.asUintN(64, values[0]!) },
      zeroCount: { case: 'zeroCountInt', value: BigInt.asUintN(64, values[1]!) },
      ...{ positiveDeltas: values.slice(2, 2 + positive), negativeDeltas: values.slice(2 + positive) },
    })
    return [histogram, sum.bits] as const
  }
}

function timeTaker(reader: BitReader) {
  let [time, delta] = [0n, 0n]
  return (i: number) => {
    if (i === 0) return (time = takeInt(reader))
    delta = i === 1 ? takeUint(reader) : delta + takeInt(reader)
    return (time += delta)
  }
}

function takeSize(reader: BitReader): number {
  let ones = 0
  while (ones < 8 && reader.take(1) === 1n) ones++
  return ones === 0 ? 0 : SIZES[ones - 1]!
}

function takeInt(reader: BitReader): bigint {
  const size = takeSize(reader)
  return size === 0 ? 0n : size === 64 ? BigInt.asIntN(64, reader.take(64)) : reader.takeSigned(size)
}

function takeUint(reader: BitReader): bigint {
  return reader.take(takeSize(reader))
}

function takeBound(reader: BitReader): number {
  const thousandths = takeUint(reader)
  return thousandths === 0n ? toDouble(reader.take(64)) : Number(thousandths - 1n) / 1000
}

function toDouble(bits: bigint): number {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(bits)
  return bytes.readDoubleBE()
}

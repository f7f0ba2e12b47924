import { parseText } from '@runnel/json'
import { toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { HistogramSchema } from '@runnel/wire/prometheus/types'
import { readHistogramData } from '@runnel/wire/read-histogram-data'
import { bitsOfSpecialValue, type DoubleBits } from '@runnel/wire/special-value'
import { bitsOfDouble } from './bits-of-double.ts'

const SUM = 3

/** Where the bits of the sum stand in a message that {@link encodeHistogram} made: they are its last bytes. */
export const SUM_BYTES = 8

/**
 * A stored native histogram as message `Histogram`, with its time. The sum is written by its bits, for it is where a stale marker stands.
 *
 * @param text JSON of `data.nativeHistogram`
 * @param special `stale` for a stale marker
 * @returns undefined for what is no histogram: anybody may have sent a metric with a member of that name
 */
export function encodeHistogram(text: string, special: string | null, atMs: number): Buffer | undefined {
  const histogram = readHistogramData(parseText(text))
  if (histogram === undefined) return undefined
  const message = toBinary(HistogramSchema, { ...histogram, sum: 0, timestamp: BigInt(atMs) })
  const { high, low } = bitsOfSum(histogram.sum, special)
  const sum = Buffer.alloc(SUM_BYTES)
  sum.writeUInt32LE(low, 0)
  sum.writeUInt32LE(high, 4)
  return Buffer.concat([message, new BinaryWriter().tag(SUM, WireType.Bit64).finish(), sum])
}

function bitsOfSum(sum: number, special: string | null): DoubleBits {
  const name = special === 'stale' ? special : Number.isNaN(sum) ? 'NaN' : ''
  return bitsOfSpecialValue(name) ?? bitsOfDouble(sum)
}

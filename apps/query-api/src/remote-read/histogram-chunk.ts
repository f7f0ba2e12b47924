import { Chunk_Encoding } from '@runnel/wire/prometheus/types'
import { BitWriter } from './bit-writer.ts'
import { bitsOfDouble } from './bits-of-double.ts'
import { isSameLayout, writeLayout } from './histogram-layout.ts'
import { readHistogram, type ReadHistogram } from './read-histogram.ts'
import type { SampleBuffer } from './sample-buffer.ts'
import { writeVarbitInt, writeVarbitUint } from './varbit.ts'
import { CHUNK_SAMPLES } from './xor-chunk.ts'
import { XorWriter } from './xor-writer.ts'

/** Of the messages that a chunk is made of. A chunk holds one histogram at least, however large it is. */
const MAX_MESSAGE_BYTES = 65_536

/** In the header: what is known of the counters before the first histogram. Within a chunk none of them falls. */
const [UNKNOWN, RESET, GAUGE] = [0b00000000, 0b10000000, 0b11000000]

export interface EncodedChunk {
  readonly type: Chunk_Encoding
  readonly data: Buffer
  /** How many samples it holds. */
  readonly count: number
}

/**
 * The native histograms from a sample on, as many as one chunk can hold: those of the same buckets, in which no counter begins anew.
 * A reader takes it for granted that none does.
 *
 * @param from of a sample that is a histogram
 */
export function encodeHistogramChunk(samples: SampleBuffer, from: number): EncodedChunk {
  const histograms = takeRun(samples, from)
  const { message, isFloat, isGauge, isFirst } = histograms[0]!
  const out = new BitWriter()
  out.write(histograms.length, 16)
  out.write(isGauge ? GAUGE : isFirst ? RESET : UNKNOWN, 8)
  writeLayout(out, message)
  if (isFloat) writeFloats(out, histograms)
  else writeIntegers(out, histograms)
  const type = isFloat ? Chunk_Encoding.FLOAT_HISTOGRAM : Chunk_Encoding.HISTOGRAM
  return { type, data: out.finish(), count: histograms.length }
}

function takeRun(samples: SampleBuffer, from: number): ReadHistogram[] {
  const run: ReadHistogram[] = []
  let bytes = 0
  for (let i = from; run.length < CHUNK_SAMPLES && samples.isHistogram(i); i++) {
    const message = samples.histogramAt(i)
    bytes += message.length
    const next = readHistogram(message)
    const last = run.at(-1)
    if (last !== undefined && (bytes > MAX_MESSAGE_BYTES || !canFollow(last, next))) break
    run.push(next)
  }
  return run
}

function canFollow(last: ReadHistogram, next: ReadHistogram): boolean {
  const isSameKind =
    last.isFloat === next.isFloat && last.isStale === next.isStale && last.isGauge === next.isGauge
  if (!isSameKind || !isSameLayout(last.message, next.message)) return false
  return next.isGauge || !(next.isFirst || hasFallen(last, next))
}

function hasFallen(last: ReadHistogram, next: ReadHistogram): boolean {
  const { count, zeroCount } = next.message
  return (
    (count.value ?? 0) < (last.message.count.value ?? 0) ||
    (zeroCount.value ?? 0) < (last.message.zeroCount.value ?? 0) ||
    next.counts.some((value, i) => value < last.counts[i]!)
  )
}

/** Times and counts as the change of their difference to the one before, the sum as its XOR with the one before. */
function writeIntegers(out: BitWriter, histograms: readonly ReadHistogram[]): void {
  const sums = new XorWriter(out)
  let [last, lastDeltas]: [bigint[], bigint[]] = [[], []]
  for (const [i, { message, sum }] of histograms.entries()) {
    const values = [
      ...[message.timestamp, BigInt(message.count.value ?? 0), BigInt(message.zeroCount.value ?? 0)],
      ...[...message.positiveDeltas, ...message.negativeDeltas],
    ]
    const deltas = values.map((value, at) => value - (last[at] ?? 0n))
    for (const [at, delta] of deltas.entries()) {
      // Of the first ones, times have a sign and counts have none; of the second ones it is the other way round.
      const isUnsigned = i === 0 ? at === 1 || at === 2 : i === 1 && at === 0
      if (at === 3) sums.write(sum)
      if (isUnsigned) writeVarbitUint(out, delta)
      else writeVarbitInt(out, i > 1 ? delta - lastDeltas[at]! : delta)
    }
    if (deltas.length === 3) sums.write(sum)
    ;[last, lastDeltas] = [values, deltas]
  }
}

/** Times as above, and each count as its XOR with the one before. */
function writeFloats(out: BitWriter, histograms: readonly ReadHistogram[]): void {
  const columns: XorWriter[] = []
  let [lastTime, lastDelta] = [0n, 0n]
  for (const [i, { message, sum }] of histograms.entries()) {
    const delta = message.timestamp - lastTime
    if (i === 1) writeVarbitUint(out, delta)
    else writeVarbitInt(out, i > 1 ? delta - lastDelta : delta)
    ;[lastTime, lastDelta] = [message.timestamp, delta]
    const counts = [...message.positiveCounts, ...message.negativeCounts].map(bitsOfDouble)
    const values = [bitsOfCount(message.count.value), bitsOfCount(message.zeroCount.value), sum, ...counts]
    for (const [at, bits] of values.entries()) (columns[at] ??= new XorWriter(out)).write(bits)
  }
}

function bitsOfCount(value: number | bigint | undefined) {
  return bitsOfDouble(Number(value ?? 0))
}

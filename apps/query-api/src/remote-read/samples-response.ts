import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { deflateSnappy } from '@runnel/wire/snappy'
import type { ReadSeries } from './read-series.ts'

export const SAMPLES_TYPE = 'application/x-protobuf'

/** What snappy compresses at a time, by its own format: copies reach no further back. */
const FRAGMENT_BYTES = 65_536

/** Samples between two pauses. */
const SAMPLES_AT_A_TIME = 2000

/**
 * One ReadResponse in its parts, with pauses: all of it has to be known before the first byte, for its length stands there.
 *
 * @param results of each query
 */
export function* encodeSamples(results: readonly (readonly ReadSeries[])[]): Generator<void, Uint8Array[]> {
  const parts: Uint8Array[] = []
  for (const series of results) {
    const messages: Uint8Array[] = []
    for (const one of series) {
      messages.push(yield* encodeSeries(one))
      yield
    }
    const length = messages.reduce((sum, message) => sum + message.length, 0)
    parts.push(new BinaryWriter().tag(1, WireType.LengthDelimited).uint32(length).finish())
    // One by one: a call takes no more than some ten thousand arguments.
    for (const message of messages) parts.push(message)
  }
  return parts
}

/** As a snappy block, compressed piece by piece: as a whole, the largest would stop the process. */
export function* compressParts(parts: readonly Uint8Array[]): Generator<Buffer> {
  const total = parts.reduce((sum, part) => sum + part.length, 0)
  yield Buffer.from(new BinaryWriter().uint32(total).finish())
  for (const fragment of fragmentsOf(parts)) yield compress(fragment)
}

/** As field of a QueryResult. By hand, for the bits of a stale marker have to stay as they are. */
function* encodeSeries({ labels, samples }: ReadSeries): Generator<void, Uint8Array> {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).fork()
  for (const [name, value] of labels) {
    writer.tag(1, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.LengthDelimited).string(name).tag(2, WireType.LengthDelimited).string(value).join()
  }
  const bits = Buffer.alloc(8)
  for (let i = 0; i < samples.count; i++) {
    if (i % SAMPLES_AT_A_TIME === SAMPLES_AT_A_TIME - 1) yield
    if (samples.isHistogram(i)) {
      writer.tag(4, WireType.LengthDelimited).bytes(samples.histogramAt(i))
      continue
    }
    bits.writeUInt32LE(samples.lowAt(i), 0)
    bits.writeUInt32LE(samples.highAt(i), 4)
    writer.tag(2, WireType.LengthDelimited).fork()
    writer
      .tag(1, WireType.Bit64)
      .raw(bits)
      .tag(2, WireType.Varint)
      .int64(BigInt(samples.timeAt(i)))
      .join()
  }
  return writer.join().finish()
}

function* fragmentsOf(parts: readonly Uint8Array[]): Generator<Buffer> {
  let fragment = Buffer.alloc(FRAGMENT_BYTES)
  let used = 0
  for (const part of parts) {
    for (let from = 0; from < part.length;) {
      const taken = Math.min(part.length - from, FRAGMENT_BYTES - used)
      fragment.set(part.subarray(from, from + taken), used)
      from += taken
      used += taken
      if (used < FRAGMENT_BYTES) continue
      yield fragment
      fragment = Buffer.alloc(FRAGMENT_BYTES)
      used = 0
    }
  }
  if (used > 0) yield fragment.subarray(0, used)
}

/** Without the length in front, which is that of the whole. */
function compress(fragment: Buffer): Buffer {
  const block = deflateSnappy(fragment)
  return block.subarray(new BinaryWriter().uint32(fragment.length).finish().length)
}

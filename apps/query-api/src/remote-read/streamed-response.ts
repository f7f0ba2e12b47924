import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { ChunkedReadResponseSchema } from '@runnel/wire/prometheus/remote'
import { Chunk_Encoding, type Chunk } from '@runnel/wire/prometheus/types'
import { crc32c } from './crc32c.ts'
import { encodeHistogramChunk, type EncodedChunk } from './histogram-chunk.ts'
import type { ReadSeries } from './read-series.ts'
import type { SampleBuffer } from './sample-buffer.ts'
import { CHUNK_SAMPLES, encodeXorChunk } from './xor-chunk.ts'

export const STREAMED_TYPE = 'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse'

/** Of one frame: readers refuse very large ones, and what is made in one go should be little. Chunks of histograms are the large ones. */
const FRAME_CHUNKS = 100
const FRAME_BYTES = 131_072

/** Frames of STREAMED_XOR_CHUNKS, each made when the one before was taken: series by series, in the order of the queries. */
export function* streamFrames(results: readonly (readonly ReadSeries[])[]): Generator<Buffer> {
  for (const [queryIndex, series] of results.entries()) {
    for (const one of series) yield* framesOf(one, queryIndex)
  }
}

function* framesOf({ labels, samples }: ReadSeries, queryIndex: number): Generator<Buffer> {
  const named = labels.map(([name, value]) => ({ name, value }))
  for (let from = 0; from < samples.count;) {
    const chunks: Omit<Chunk, '$typeName' | '$unknown'>[] = []
    let bytes = 0
    while (chunks.length < FRAME_CHUNKS && bytes < FRAME_BYTES && from < samples.count) {
      const { type, data, count } = encodeChunk(samples, from)
      const [minTimeMs, maxTimeMs] = [from, from + count - 1].map((i) => BigInt(samples.timeAt(i)))
      chunks.push({ type, data, minTimeMs: minTimeMs!, maxTimeMs: maxTimeMs! })
      bytes += data.length
      from += count
    }
    const chunkedSeries = [{ labels: named, chunks }]
    const message = create(ChunkedReadResponseSchema, { chunkedSeries, queryIndex: BigInt(queryIndex) })
    yield toFrame(toBinary(ChunkedReadResponseSchema, message))
  }
}

/** The samples from one on that are of its sort, as many as a chunk holds. */
function encodeChunk(samples: SampleBuffer, from: number): EncodedChunk {
  if (samples.isHistogram(from)) return encodeHistogramChunk(samples, from)
  let count = 1
  while (count < CHUNK_SAMPLES && from + count < samples.count && !samples.isHistogram(from + count)) count++
  return { type: Chunk_Encoding.XOR, data: encodeXorChunk(samples, from, count), count }
}

/** Length, checksum, message. */
function toFrame(message: Uint8Array): Buffer {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32c(message))
  return Buffer.concat([new BinaryWriter().uint32(message.length).finish(), checksum, message])
}

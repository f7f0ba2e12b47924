import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { ChunkedReadResponseSchema } from '@runnel/wire/prometheus/remote'
import { Chunk_Encoding, type Chunk } from '@runnel/wire/prometheus/types'
import { crc32c } from './crc32c.ts'
import type { ReadSeries } from './read-series.ts'
import { CHUNK_SAMPLES, encodeXorChunk } from './xor-chunk.ts'

export const STREAMED_TYPE = 'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse'

/** Of one frame: readers refuse very large ones, and what is made in one go should be little. */
const FRAME_CHUNKS = 100

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
    while (chunks.length < FRAME_CHUNKS && from < samples.count) {
      const count = Math.min(CHUNK_SAMPLES, samples.count - from)
      const data = encodeXorChunk(samples, from, count)
      chunks.push({
        type: Chunk_Encoding.XOR,
        data,
        minTimeMs: BigInt(samples.timeAt(from)),
        maxTimeMs: BigInt(samples.timeAt(from + count - 1)),
      })
      from += count
    }
    const chunkedSeries = [{ labels: named, chunks }]
    const message = create(ChunkedReadResponseSchema, { chunkedSeries, queryIndex: BigInt(queryIndex) })
    yield toFrame(toBinary(ChunkedReadResponseSchema, message))
  }
}

/** Length, checksum, message. */
function toFrame(message: Uint8Array): Buffer {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32c(message))
  return Buffer.concat([new BinaryWriter().uint32(message.length).finish(), checksum, message])
}

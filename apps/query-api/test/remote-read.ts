import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import {
  ChunkedReadResponseSchema,
  ReadRequestSchema,
  ReadRequest_ResponseType,
  ReadResponseSchema,
} from '@runnel/wire/prometheus/remote'
import { Chunk_Encoding, LabelMatcher_Type, type Histogram } from '@runnel/wire/prometheus/types'
import { deflateSnappy, inflateSnappy } from '@runnel/wire/snappy'
import { crc32c } from '../src/remote-read/crc32c.ts'
import { decodeHistogramChunk } from './decode-histogram-chunk.ts'
import { decodeXorChunk } from './decode-xor-chunk.ts'
import type { Api } from './start-api.ts'

export type Selector = readonly (readonly [name: string, operator: '=' | '!=' | '=~' | '!~', value: string])[]

export interface FoundSeries {
  readonly query: number
  readonly labels: Readonly<Record<string, string>>
  /** Bits of the doubles by milliseconds. */
  readonly samples: readonly (readonly [atMs: number, bits: bigint])[]
  /** Counts of native histograms by milliseconds. */
  readonly histograms?: readonly (readonly [atMs: number, count: number | bigint | undefined])[]
}

const OPERATORS = {
  '=': LabelMatcher_Type.EQ,
  '!=': LabelMatcher_Type.NEQ,
  '=~': LabelMatcher_Type.RE,
  '!~': LabelMatcher_Type.NRE,
}

export const doubleBits = (value: number): bigint => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes.readBigUInt64BE()
}

interface ReadRange {
  readonly fromMs: number | bigint
  readonly throughMs: number | bigint
  readonly types?: readonly number[]
}

/** The body of a read request. */
export function encodeRead(
  selectors: readonly Selector[],
  { fromMs, throughMs, types = [] }: ReadRange,
): Buffer {
  const queries: MessageInitShape<typeof ReadRequestSchema>['queries'] = selectors.map((selector) => ({
    startTimestampMs: BigInt(fromMs),
    endTimestampMs: BigInt(throughMs),
    matchers: selector.map(([name, operator, value]) => ({ name, type: OPERATORS[operator], value })),
  }))
  const request = create(ReadRequestSchema, {
    queries,
    acceptedResponseTypes: types as ReadRequest_ResponseType[],
  })
  return deflateSnappy(Buffer.from(toBinary(ReadRequestSchema, request)))
}

export function postRead(api: Api, body: Buffer, url = '/api/v1/read') {
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' }
  return api.http.inject({ method: 'POST', url, headers, payload: body })
}

export function decodeSamples(body: Buffer): FoundSeries[] {
  const bytes = inflateSnappy(body, 1e8)
  const { results } = fromBinary(ReadResponseSchema, bytes)
  return results.flatMap(({ timeseries }, query) =>
    timeseries.map(({ labels, samples, histograms }) => ({
      query,
      labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
      samples: samples.map(({ timestamp, value }) => [Number(timestamp), doubleBits(value)] as const),
      ...withHistograms(histograms),
    })),
  )
}

/** Only where there are any. */
function withHistograms(histograms: readonly Histogram[]): Pick<FoundSeries, 'histograms'> {
  if (histograms.length === 0) return {}
  return { histograms: histograms.map(({ timestamp, count }) => [Number(timestamp), count.value] as const) }
}

/** Series that come in several frames are joined. @throws Error for a checksum that is wrong */
export function decodeFrames(body: Buffer): FoundSeries[] {
  const found: FoundSeries[] = []
  for (let at = 0; at < body.length;) {
    const reader = new BinaryReader(body.subarray(at))
    const length = reader.uint32()
    const from = at + reader.pos + 4
    const message = body.subarray(from, from + length)
    if (crc32c(message) !== body.readUInt32BE(from - 4)) throw new Error('a checksum is wrong')
    at = from + length
    const { chunkedSeries, queryIndex } = fromBinary(ChunkedReadResponseSchema, message)
    for (const { labels, chunks } of chunkedSeries) {
      found.push({
        query: Number(queryIndex),
        labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
        samples: chunks.flatMap(({ type, data }) =>
          type === Chunk_Encoding.XOR
            ? decodeXorChunk(data).map(({ atMs, bits }) => [atMs, bits] as const)
            : [],
        ),
        ...withHistograms(
          chunks.flatMap(({ type, data }) =>
            type === Chunk_Encoding.XOR ? [] : decodeHistogramChunk(type, data).histograms,
          ),
        ),
      })
    }
  }
  return found
}

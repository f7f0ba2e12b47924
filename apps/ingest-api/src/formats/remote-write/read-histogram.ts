import { fromBinary } from '@bufbuild/protobuf'
import { HistogramSchema } from '@runnel/wire/prometheus/types'
import { readSpecialValue } from '@runnel/wire/special-value'
import { MessageReader } from './message-reader.ts'
import type { WrittenHistogram } from './written-series.ts'

const SUM = 3

/**
 * A native histogram; the fields of both versions are the same.
 *
 * @throws Error where the bytes are malformed
 */
export function readHistogram(bytes: Buffer): WrittenHistogram {
  const histogram = fromBinary(HistogramSchema, bytes, { readUnknownFields: false })
  return { histogram, special: Number.isFinite(histogram.sum) ? undefined : readSum(bytes) }
}

/** The last one counts, as in every message. */
function readSum(bytes: Buffer): WrittenHistogram['special'] {
  const reader = new MessageReader(bytes)
  let special: WrittenHistogram['special']
  for (let field = reader.nextField(bytes.length); field !== 0; field = reader.nextField(bytes.length)) {
    if (field !== SUM) reader.skip()
    else if (!Number.isFinite(reader.readDouble())) special = readSpecialValue(bytes, reader.at - 8)
  }
  return special
}

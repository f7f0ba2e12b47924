import { fromBinary } from '@bufbuild/protobuf'
import { ExemplarSchema } from '@runnel/wire/prometheus/types'
import { EMPTY } from '../shared/empty-text.ts'
import { FIELDS_AT_A_TIME, MessageReader, NO_TEXT } from './message-reader.ts'
import { SeriesParts } from './series-parts.ts'
import type { WrittenExemplar, WrittenSeries } from './written-series.ts'

/**
 * The series of a `prometheus.WriteRequest`, one by one. What is metadata of names alone is left out; undefined is a pause meanwhile.
 *
 * @param maxItems that the body may hold: of a series with more, the rest is skipped
 * @throws Error where the bytes are no such message; what is wrong inside of a series is its `problem`
 */
export function* readRequestV1(bytes: Buffer, maxItems: number): Generator<WrittenSeries | undefined> {
  const reader = new MessageReader(bytes)
  let fields = 0
  for (let field = reader.nextField(bytes.length); field !== 0; field = reader.nextField(bytes.length)) {
    if (++fields % FIELDS_AT_A_TIME === 0) yield undefined
    if (field === 1) yield readSeries(reader, reader.readEnd(bytes.length), maxItems)
    else reader.skip()
  }
}

function readSeries(reader: MessageReader, end: number, maxItems: number): WrittenSeries {
  const parts = new SeriesParts()
  for (let field = reader.nextField(end); field !== 0; field = reader.nextField(end)) {
    if (parts.isFull(parts.labels.length, maxItems)) reader.moveTo(end)
    else if (field === 1) readLabel(reader, end, parts)
    else if (field === 2) parts.addSample(reader, end)
    else if (field === 3) parts.read(reader, end, (inner) => parts.exemplars.push(readExemplar(inner)))
    else if (field === 4) parts.addHistogram(reader, end)
    else parts.skipOther(reader, end)
  }
  return parts
}

function readLabel(reader: MessageReader, end: number, parts: SeriesParts): void {
  const inner = reader.readEnd(end)
  let [name, value]: (string | typeof NO_TEXT)[] = [EMPTY, EMPTY]
  for (let field = reader.nextField(inner); field !== 0; field = reader.nextField(inner)) {
    if (field === 1) name = reader.readText(inner)
    else if (field === 2) value = reader.readText(inner)
    else parts.skipOther(reader, inner)
  }
  if (name === NO_TEXT || value === NO_TEXT) parts.problem = 'A label is not valid UTF-8'
  else parts.labels.push([name!, value!])
}

function readExemplar(bytes: Buffer): WrittenExemplar {
  const { labels, value, timestamp } = fromBinary(ExemplarSchema, bytes, { readUnknownFields: false })
  return {
    labels: labels.map(({ name, value: text }) => [JSON.stringify(name), JSON.stringify(text)]),
    value,
    timestampMs: Number(timestamp),
  }
}

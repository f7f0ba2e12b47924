import { fromBinary } from '@bufbuild/protobuf'
import { ExemplarSchema } from '@runnel/wire/prometheus/types'
import { MessageReader, NO_TEXT } from './message-reader.ts'
import { readHistogram } from './read-histogram.ts'
import type {
  Label,
  WrittenExemplar,
  WrittenHistogram,
  WrittenSample,
  WrittenSeries,
} from './written-series.ts'

/**
 * The series of a `prometheus.WriteRequest`, one by one. What is metadata of names alone is left out.
 *
 * @throws Error where the bytes are no such message; what is wrong inside of a series is its `problem`
 */
export function* readRequestV1(bytes: Buffer): Generator<WrittenSeries> {
  const reader = new MessageReader(bytes)
  for (let field = reader.nextField(bytes.length); field !== 0; field = reader.nextField(bytes.length)) {
    if (field === 1) yield readSeries(reader, reader.readEnd(bytes.length))
    else reader.skip()
  }
}

function readSeries(reader: MessageReader, end: number): WrittenSeries {
  const labels: Label[] = []
  const samples: WrittenSample[] = []
  const histograms: WrittenHistogram[] = []
  const exemplars: WrittenExemplar[] = []
  let problem: string | undefined
  const readInner = (read: (inner: Buffer) => void) => {
    const inner = reader.readEnd(end)
    try {
      read(reader.bytes.subarray(reader.at, inner))
    } catch {
      problem = 'A histogram or an exemplar cannot be read'
    }
    reader.moveTo(inner)
  }
  for (let field = reader.nextField(end); field !== 0; field = reader.nextField(end)) {
    if (field === 1) problem = readLabel(reader, end, labels) ?? problem
    else if (field === 2) samples.push(reader.readSample(end))
    else if (field === 3) readInner((inner) => exemplars.push(readExemplar(inner)))
    else if (field === 4) readInner((inner) => histograms.push(readHistogram(inner)))
    else reader.skip()
  }
  return { labels, samples, histograms, exemplars, problem }
}

/** @returns what is wrong with it */
function readLabel(reader: MessageReader, end: number, labels: Label[]): string | undefined {
  const inner = reader.readEnd(end)
  let [name, value]: (string | typeof NO_TEXT)[] = ['', '']
  for (let field = reader.nextField(inner); field !== 0; field = reader.nextField(inner)) {
    if (field === 1) name = reader.readText(inner)
    else if (field === 2) value = reader.readText(inner)
    else reader.skip()
  }
  if (name === NO_TEXT || value === NO_TEXT) return 'A label is not valid UTF-8'
  labels.push([name!, value!])
  return undefined
}

function readExemplar(bytes: Buffer): WrittenExemplar {
  const { labels, value, timestamp } = fromBinary(ExemplarSchema, bytes, { readUnknownFields: false })
  return {
    labels: labels.map(({ name, value: text }) => [name, text]),
    value,
    timestampMs: Number(timestamp),
  }
}

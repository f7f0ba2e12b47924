import { fromBinary } from '@bufbuild/protobuf'
import {
  ExemplarSchema,
  MetadataSchema,
  Metadata_MetricType,
  type Metadata,
} from '@runnel/wire/prometheus/write/v2/types'
import { MessageReader, NO_TEXT } from './message-reader.ts'
import { readHistogram } from './read-histogram.ts'
import type {
  Label,
  WrittenExemplar,
  WrittenHistogram,
  WrittenSample,
  WrittenSeries,
} from './written-series.ts'

const SYMBOLS = 4
const SERIES = 5

/** A text of the table that all series share; undefined where there is none, or its bytes are no UTF-8. */
type Symbols = readonly (string | undefined)[]

/**
 * The series of an `io.prometheus.write.v2.Request`, one by one. The table of texts is read first, wherever it stands.
 *
 * @throws Error where the bytes are no such message; what is wrong inside of a series is its `problem`
 */
export function* readRequestV2(bytes: Buffer): Generator<WrittenSeries> {
  const reader = new MessageReader(bytes)
  const symbols: (string | undefined)[] = []
  const starts: number[] = []
  for (let field = reader.nextField(bytes.length); field !== 0; field = reader.nextField(bytes.length)) {
    if (field === SYMBOLS) {
      const text = reader.readText(bytes.length)
      symbols.push(text === NO_TEXT ? undefined : text)
    } else if (field === SERIES) {
      const end = reader.readEnd(bytes.length)
      starts.push(reader.at, end)
      reader.moveTo(end)
    } else reader.skip()
  }
  for (let i = 0; i < starts.length; i += 2) {
    reader.moveTo(starts[i]!)
    yield readSeries(reader, starts[i + 1]!, symbols)
  }
}

function readSeries(reader: MessageReader, end: number, symbols: Symbols): WrittenSeries {
  const refs: number[] = []
  const samples: WrittenSample[] = []
  const histograms: WrittenHistogram[] = []
  const exemplars: WrittenExemplar[] = []
  let metadata: Metadata | undefined
  let startMs = 0
  let problem: string | undefined
  const readInner = (read: (inner: Buffer) => void) => {
    const inner = reader.readEnd(end)
    try {
      read(reader.bytes.subarray(reader.at, inner))
    } catch {
      problem = 'A histogram, an exemplar or its metadata cannot be read'
    }
    reader.moveTo(inner)
  }
  for (let field = reader.nextField(end); field !== 0; field = reader.nextField(end)) {
    if (field === 1) readRefs(reader, end, refs)
    else if (field === 2) samples.push(reader.readSample(end))
    else if (field === 3) readInner((inner) => histograms.push(readHistogram(inner)))
    else if (field === 4) readInner((inner) => exemplars.push(readExemplar(inner, symbols)))
    else if (field === 5) readInner((inner) => (metadata = fromBinary(MetadataSchema, inner)))
    else if (field === 6) startMs = reader.readInteger()
    else reader.skip()
  }
  const labels = resolve(refs, symbols)
  if (labels === undefined) problem = 'A label is not in the table of texts, or not valid UTF-8'
  return {
    ...{ labels: labels ?? [], samples, histograms, exemplars, problem },
    kind: kindOf(metadata),
    unit: (metadata && symbols[metadata.unitRef]) || undefined,
    startMs: startMs || undefined,
  }
}

/** A list in one piece, or one by one. */
function readRefs(reader: MessageReader, end: number, refs: number[]): void {
  if (!reader.isList) return void refs.push(reader.readUint32())
  for (const inner = reader.readEnd(end); reader.at < inner;) refs.push(reader.readUint32())
}

/** @returns undefined where a text is missing */
function resolve(refs: readonly number[], symbols: Symbols): Label[] | undefined {
  if (refs.length % 2 !== 0) return undefined
  const labels: Label[] = []
  for (let i = 0; i < refs.length; i += 2) {
    const [name, value] = [symbols[refs[i]!], symbols[refs[i + 1]!]]
    if (name === undefined || value === undefined) return undefined
    labels.push([name, value])
  }
  return labels
}

/** @throws Error where a text is missing */
function readExemplar(bytes: Buffer, symbols: Symbols): WrittenExemplar {
  const { labelsRefs, value, timestamp } = fromBinary(ExemplarSchema, bytes, { readUnknownFields: false })
  const labels = resolve(labelsRefs, symbols)
  if (labels === undefined) throw new Error('a label of an exemplar is missing')
  return { labels, value, timestampMs: Number(timestamp) }
}

const KINDS: ReadonlyMap<number, string> = new Map(
  Object.entries(Metadata_MetricType).map(([name, number]) => [number, name.toLowerCase()]),
)

/** @returns undefined where the type is not known */
function kindOf(metadata: Metadata | undefined): string | undefined {
  if (metadata === undefined || metadata.type === Metadata_MetricType.UNSPECIFIED) return undefined
  return KINDS.get(metadata.type)
}

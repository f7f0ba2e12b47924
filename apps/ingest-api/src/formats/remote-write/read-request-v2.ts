import { fromBinary } from '@bufbuild/protobuf'
import {
  ExemplarSchema,
  MetadataSchema,
  Metadata_MetricType,
  type Metadata,
} from '@runnel/wire/prometheus/write/v2/types'
import { tooManyItems } from '../../too-many-items.ts'
import { EMPTY } from '../shared/empty-text.ts'
import { FIELDS_AT_A_TIME, MessageReader, NO_TEXT } from './message-reader.ts'
import { MAX_LABELS, SeriesParts } from './series-parts.ts'
import type { Label, WrittenExemplar, WrittenSeries } from './written-series.ts'

const SYMBOLS = 4
/** Texts of the table for each event that a body may hold, and where those are few: more would only take memory. */
const SYMBOLS_PER_ITEM = 10
const LEAST_SYMBOLS = 10_000
const SERIES = 5

/** A text of the table that all series share, as JSON; undefined where the table has no such text, or its bytes are not UTF-8. */
type Symbols = readonly (string | undefined)[]

/**
 * The series of an `io.prometheus.write.v2.Request`, one by one. The table of texts is read first, wherever it stands; undefined is
 * a pause meanwhile.
 *
 * @param maxItems that the body may hold: of a series with more, the rest is skipped
 * @throws Error where the bytes are no such message, AppError too_many_items; what is wrong inside of a series is its `problem`
 */
export function* readRequestV2(bytes: Buffer, maxItems: number): Generator<WrittenSeries | undefined> {
  const reader = new MessageReader(bytes)
  const symbols: (string | undefined)[] = []
  const starts: number[] = []
  const maxSymbols = Math.max(LEAST_SYMBOLS, SYMBOLS_PER_ITEM * maxItems)
  let fields = 0
  for (let field = reader.nextField(bytes.length); field !== 0; field = reader.nextField(bytes.length)) {
    if (++fields % FIELDS_AT_A_TIME === 0) yield undefined
    if (field === SYMBOLS) {
      if (symbols.length >= maxSymbols) throw tooManyItems(maxSymbols, 'texts')
      const text = reader.readText(bytes.length)
      symbols.push(text === NO_TEXT ? undefined : text)
    } else if (field === SERIES) {
      const end = reader.readEnd(bytes.length)
      if (starts.length >= 2 * maxItems) throw tooManyItems(maxItems, 'series')
      starts.push(reader.at, end)
      reader.moveTo(end)
    } else reader.skip()
  }
  for (let i = 0; i < starts.length; i += 2) {
    reader.moveTo(starts[i]!)
    yield readSeries(reader, starts[i + 1]!, symbols, maxItems)
  }
}

function readSeries(reader: MessageReader, end: number, symbols: Symbols, maxItems: number): WrittenSeries {
  const parts = new SeriesParts()
  const refs: number[] = []
  let metadata: Metadata | undefined
  let startMs = 0
  for (let field = reader.nextField(end); field !== 0; field = reader.nextField(end)) {
    if (parts.isFull(refs.length / 2, maxItems)) reader.moveTo(end)
    else if (field === 1) readRefs(reader, end, refs)
    else if (field === 2) parts.addSample(reader, end)
    else if (field === 3) parts.addHistogram(reader, end)
    else if (field === 4)
      parts.read(reader, end, (inner) => parts.exemplars.push(readExemplar(inner, symbols)))
    else if (field === 5) parts.read(reader, end, (inner) => (metadata = fromBinary(MetadataSchema, inner)))
    else if (field === 6) startMs = reader.readInteger()
    else parts.skipOther(reader, end)
  }
  const labels = resolve(refs, symbols)
  return {
    ...{
      labels: labels ?? [],
      samples: parts.samples,
      histograms: parts.histograms,
      exemplars: parts.exemplars,
    },
    problem:
      labels === undefined ? 'A label is not in the table of texts, or not valid UTF-8' : parts.problem,
    kind: kindOf(metadata),
    unit: unitOf(metadata, symbols),
    startMs: startMs || undefined,
  }
}

/** A list in one piece, or one by one. */
function readRefs(reader: MessageReader, end: number, refs: number[]): void {
  if (!reader.isList) return void refs.push(reader.readUint32())
  const inner = reader.readEnd(end)
  while (reader.at < inner && refs.length <= 2 * MAX_LABELS) refs.push(reader.readUint32())
  reader.moveTo(inner)
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

/** @returns undefined where there is none */
function unitOf(metadata: Metadata | undefined, symbols: Symbols): string | undefined {
  const unit = metadata && symbols[metadata.unitRef]
  return unit === EMPTY ? undefined : unit
}

const KINDS: ReadonlyMap<number, string> = new Map(
  Object.entries(Metadata_MetricType).map(([name, number]) => [number, name.toLowerCase()]),
)

/** @returns undefined where the type is not known */
function kindOf(metadata: Metadata | undefined): string | undefined {
  if (metadata === undefined || metadata.type === Metadata_MetricType.UNSPECIFIED) return undefined
  return KINDS.get(metadata.type)
}

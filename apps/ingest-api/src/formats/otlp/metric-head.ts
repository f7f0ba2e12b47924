import { AppError, isIndexedText, type JsonObject } from '@runnel/contracts'
import type { Metric } from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import { toObject } from './any-value.ts'
import type { Origin } from './origin.ts'
import { once } from './once.ts'
import { writeJson } from './plain-json.ts'
import { toPiece } from '../shared/byte-writer.ts'

/** What all points of a metric have in common: as JSON, members with commas before them. */
export interface MetricHead {
  readonly origin: Origin
  /** The first member of a row, without the quotation mark at its end: a suffix may follow. */
  readonly name: string
  readonly unit: string
  /** What stands behind the time. */
  readonly kind: string
  /** What rows that hold a whole point have at their end. */
  readonly end: string
  /** Admission has nothing to say about any of it. */
  readonly isPlain: boolean
  /** What points are written with from their bytes. */
  readonly pieces: () => HeadPieces
}

/** The same in bytes. */
export interface HeadPieces {
  /** From the begin of the event to before its value. */
  readonly name: Uint8Array
  /** From behind the value to the first tag. */
  readonly unit: Uint8Array
  readonly kind: Uint8Array
  /** To the end of the event. */
  readonly end: Uint8Array
  /** Of all of them together, in bytes. */
  readonly size: number
}

/** What a metric says of its kind. */
export interface MetricKind {
  readonly kind: string
  readonly temporality?: string | undefined
  readonly monotonic?: boolean
}

/** What suffixes of names come to at most. */
const SUFFIX_ROOM = '_count'

/** @throws AppError missing_field of a metric without a name */
export function createHead(
  { name, unit, description, metadata }: Metric,
  kind: MetricKind,
  origin: Origin,
): MetricHead {
  if (name === '') {
    throw new AppError('missing_field', 'The metric has no name', { field: 'name', expected: 'text' })
  }
  const about: JsonObject = {
    ...(description !== '' && { description }),
    ...(metadata.length > 0 && { metadata: toObject(metadata) }),
  }
  const [ofName, ofUnit, ofKind, ofAbout] = [{ name }, { unit }, kindOf(kind), about].map(writeJson)
  const { scope } = origin.written
  const head = {
    origin,
    name: ofName!.json.slice(0, -2),
    unit: unit === '' ? '' : membersOf(ofUnit!.json),
    kind: membersOf(ofKind!.json),
    end: membersOf(ofAbout!.json) + (scope === undefined ? '' : `,"scope":${scope}`),
    isPlain: ofName!.isPlain && ofUnit!.isPlain && ofAbout!.isPlain && isIndexedText(name + SUFFIX_ROOM),
  }
  return { ...head, pieces: once(() => toPieces(head)) }
}

function toPieces(head: Omit<MetricHead, 'pieces'>): HeadPieces {
  const name = toPiece(`{"data":${head.name}","value":`)
  const unit = toPiece(`${head.unit},"tags":{`)
  const kind = toPiece(head.kind)
  const end = toPiece(`${head.end}}}`)
  return { name, unit, kind, end, size: name.length + unit.length + kind.length + end.length }
}

/** Members that are not known are not there. */
function kindOf({ kind, temporality, monotonic }: MetricKind): JsonObject {
  return {
    kind,
    ...(temporality !== undefined && { temporality }),
    ...(monotonic !== undefined && { monotonic }),
  }
}

/** Of an object, with a comma before them. */
function membersOf(json: string): string {
  return json === '{}' ? '' : `,${json.slice(1, -1)}`
}

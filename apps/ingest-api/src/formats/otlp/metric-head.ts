import { AppError, isIndexedText, type JsonObject } from '@runnel/contracts'
import type { Metric } from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import { toObject } from './any-value.ts'
import type { Origin } from './origin.ts'
import { writeJson } from './plain-json.ts'

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
  return {
    origin,
    name: ofName!.json.slice(0, -2),
    unit: unit === '' ? '' : membersOf(ofUnit!.json),
    kind: membersOf(ofKind!.json),
    end: membersOf(ofAbout!.json) + (scope === undefined ? '' : `,"scope":${scope}`),
    isPlain: ofName!.isPlain && ofUnit!.isPlain && ofAbout!.isPlain && isIndexedText(name + SUFFIX_ROOM),
  }
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

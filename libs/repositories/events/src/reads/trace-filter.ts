import { sql, type RawBuilder } from 'kysely'
import { all } from '@runnel/repositories-database'
import { timestamp } from '../writes/store-events.ts'
import { memberEquals, type TimeRange } from './event-filter.ts'

/** Which traces are wanted: those of which one span began in the range and matches everything that is given. */
export interface TraceFilter extends TimeRange {
  readonly service?: string | undefined
  readonly operation?: string | undefined
  readonly minDurationNs?: number | undefined
  readonly maxDurationNs?: number | undefined
  /** Whether it failed. */
  readonly error?: boolean | undefined
  /** Members of its attributes, or of the resource that sent it; compared as text. */
  readonly attributes?: readonly (readonly [name: string, value: string])[] | undefined
}

/** A place among spans, the newest first. */
export interface SpanPosition {
  /** To the microsecond, as PostgreSQL reads it. */
  readonly startedAt: string
  readonly id: string
}

/** When a span began, to the microsecond. */
export const STARTED_AT = sql<string>`to_char(started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** The conditions in SQL; what an index serves comes first, and can be asked for by itself. */
export function indexedConditions({ fromMs, toMs, service }: TraceFilter): RawBuilder<boolean> {
  const conditions = [sql<boolean>`started_at >= ${timestamp(fromMs)}::timestamptz`]
  if (toMs !== undefined) conditions.push(sql`started_at < ${timestamp(toMs)}::timestamptz`)
  if (service !== undefined) conditions.push(sql`service = ${service}`)
  return all(conditions)
}

export function spanConditions(filter: TraceFilter): RawBuilder<boolean> {
  const { operation, minDurationNs, maxDurationNs, error, attributes = [] } = filter
  const conditions = [indexedConditions(filter)]
  if (operation !== undefined) conditions.push(sql`name = ${operation}`)
  if (minDurationNs !== undefined) conditions.push(sql`duration_ns >= ${minDurationNs}::bigint`)
  if (maxDurationNs !== undefined) conditions.push(sql`duration_ns <= ${maxDurationNs}::bigint`)
  if (error !== undefined) conditions.push(error ? sql`status = 'error'` : sql`status <> 'error'`)
  for (const [name, value] of attributes) {
    const inAttributes = memberEquals(sql`(data->'attributes')`, name, value)
    conditions.push(sql`(${inAttributes} or ${memberEquals(sql`(data->'resource')`, name, value)})`)
  }
  return all(conditions)
}

/** @returns whether there is any condition beside the range */
export function isFilteredTrace({ fromMs: _, toMs: __, attributes = [], ...others }: TraceFilter): boolean {
  return attributes.length > 0 || Object.values(others).some((value) => value !== undefined)
}

/** Spans behind a position. */
export function behind(position: SpanPosition | undefined): RawBuilder<boolean> {
  return position ? sql`(started_at, id) < ${toRow(position)}` : sql`true`
}

/** Spans at a position or before it: those of the pages before. */
export function upTo(position: SpanPosition): RawBuilder<boolean> {
  return sql`(started_at, id) >= ${toRow(position)}`
}

function toRow({ startedAt, id }: SpanPosition): RawBuilder<unknown> {
  return sql`(${startedAt}::timestamptz, ${id}::uuid)`
}

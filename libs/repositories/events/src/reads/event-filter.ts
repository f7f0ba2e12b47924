import { sql, type RawBuilder } from 'kysely'
import { all } from '@runnel/repositories-database'
import { timestamp } from '../writes/store-events.ts'

/** Times that events occurred at: milliseconds since 1970, the end exclusive. */
export interface TimeRange {
  readonly fromMs: number
  /** Without it: up to the newest, which may lie in the future where a client's clock is wrong. */
  readonly toMs?: number | undefined
}

/** A place in a list of events, the newest first. */
export interface EventPosition {
  readonly occurredAtMs: number
  readonly id: string
}

/** A page of events. */
export interface EventPage<T> {
  readonly items: T[]
  /** More of them follow, in the direction that was asked for. */
  readonly more: boolean
}

export interface PageOptions {
  readonly limit: number
  /** The page ends earlier where its JSON would exceed this; one item is always given. */
  readonly maxBytes: number
  /** Older ones than this: the last item of the page before. */
  readonly after?: EventPosition | undefined
  /** Newer ones than this, the nearest of them; instead of `after`. */
  readonly before?: EventPosition | undefined
  /** None beyond this one, in the direction of the page. */
  readonly through?: EventPosition | undefined
}

export function inRange({ fromMs, toMs }: TimeRange): RawBuilder<boolean> {
  const from = sql`occurred_at >= ${timestamp(fromMs)}::timestamptz`
  return toMs === undefined ? sql`${from}` : sql`${from} and occurred_at < ${timestamp(toMs)}::timestamptz`
}

/** Events of a page that starts at a position, in either direction, and may end at another. */
export function fromPosition({
  after,
  before,
  through,
}: Pick<PageOptions, 'after' | 'before' | 'through'>): RawBuilder<boolean> {
  const bounds: RawBuilder<boolean>[] = []
  if (before) bounds.push(sql`(occurred_at, id) > ${position(before)}`)
  else if (after) bounds.push(sql`(occurred_at, id) < ${position(after)}`)
  if (through) bounds.push(sql`(occurred_at, id) ${before ? sql`<=` : sql`>=`} ${position(through)}`)
  return all(bounds)
}

function position({ occurredAtMs, id }: EventPosition): RawBuilder<unknown> {
  return sql`(${timestamp(occurredAtMs)}::timestamptz, ${id}::uuid)`
}

/** `column` has the value under a name; compared as text, so that 200 and "200" are found alike. */
export function memberEquals(column: RawBuilder<unknown>, name: string, value: string): RawBuilder<boolean> {
  return sql`${column}->>${name}::text = ${value}`
}

/**
 * Start of the step that an event belongs to, as timestamptz. Steps are counted from 1970, so that they are the same in
 * every query. To be converted after grouping: extract() on every row doubles the time of a histogram.
 */
export function stepOf(stepMs: number, time = 'occurred_at'): RawBuilder<Date> {
  return sql`date_bin(${stepMs}::float8 * interval '1 millisecond', ${sql.ref(time)}, 'epoch'::timestamptz)`
}

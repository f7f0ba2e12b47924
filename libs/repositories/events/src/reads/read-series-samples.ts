import { sql, type RawBuilder } from 'kysely'
import { all, type Database, ms } from '@runnel/repositories-database'
import { type EventPosition, fromPosition, inRange, memberEquals, type TimeRange } from './event-filter.ts'
import { hashOf, type SeriesFilter } from './list-metric-series.ts'

/** A measurement, what stands in the place of one (`special`), or a native histogram. */
interface SeriesSample {
  readonly hash: string
  readonly atMs: number
  readonly value: number | null
  readonly special: string | null
  /** JSON of a native histogram, which has no value. */
  readonly histogram: string | null
}

export interface SamplePage {
  readonly samples: readonly SeriesSample[]
  /** Where the next page begins; undefined behind the last one. */
  readonly next: EventPosition | undefined
}

export interface SamplePageOptions {
  readonly limit: number
  /** Of native histograms: behind the one that passes it, the page ends. */
  readonly maxBytes: number
  readonly seed: number
  readonly after?: EventPosition | undefined
}

interface SampleRow {
  readonly id: string
  readonly hash: string
  readonly at_ms: number
  readonly value: number | null
  readonly special: string | null
}

const isHistogram = sql`jsonb_typeof(data->'nativeHistogram') = 'object'`

/** Samples of all series of a name, the oldest first: each series gets its own in order. */
export async function readSeriesSamples(
  database: Database,
  { name, tags, ...range }: TimeRange & { readonly name: string; readonly tags: SeriesFilter['tags'] },
  { limit, maxBytes, seed, after }: SamplePageOptions,
): Promise<SamplePage> {
  const from = after ? { ...range, fromMs: Math.max(range.fromMs, after.occurredAtMs) } : range
  const conditions = all([
    sql<boolean>`name = ${name}`,
    inRange(from),
    fromPosition({ before: after }),
    sql<boolean>`(value is not null or data->>'special' is not null or ${isHistogram})`,
    ...tags.map(([tag, value]) => memberEquals(sql`tags`, tag, value)),
  ])
  const page = { conditions, limit, seed }
  const { rows } = await sql<SampleRow & { readonly has_histogram: boolean | null }>`
    select id, ${columns(seed)}, case when value is null then ${isHistogram} end as has_histogram
    from metric where ${conditions} order by occurred_at, id limit ${limit}`.execute(database.kysely)
  if (rows.some(({ has_histogram }) => has_histogram)) return readHistograms(database, page, maxBytes)
  return toPage(
    rows.map((row) => ({ ...row, histogram: null })),
    rows.length === limit,
  )
}

interface HistogramPage {
  readonly conditions: RawBuilder<boolean>
  readonly limit: number
  readonly seed: number
}

/**
 * The same page with its histograms, of which a few may be as large as many samples: to add up their sizes costs half as much again
 * as the page, so that a page without any is read without it.
 */
async function readHistograms(
  database: Database,
  { conditions, limit, seed }: HistogramPage,
  maxBytes: number,
): Promise<SamplePage> {
  const { rows } = await sql<SampleRow & { readonly histogram: string | null; readonly bytes: number }>`
    select * from (
      select *, sum(coalesce(octet_length(histogram), 0)) over (order by occurred_at, id rows unbounded preceding)::float8 as bytes
      from (
        select id, occurred_at, ${columns(seed)},
          case when value is null and ${isHistogram} then (data->'nativeHistogram')::text end as histogram
        from metric where ${conditions} order by occurred_at, id limit ${limit}
      ) found
    ) sized
    where bytes - coalesce(octet_length(histogram), 0) <= ${maxBytes}
    order by occurred_at, id`.execute(database.kysely)
  return toPage(rows, rows.length === limit || (rows.at(-1)?.bytes ?? 0) > maxBytes)
}

function columns(seed: number): RawBuilder<unknown> {
  return sql`${hashOf(seed)} as hash, ${ms('occurred_at')} as at_ms, value,
    case when value is null then data->>'special' end as special`
}

function toPage(
  rows: readonly (SampleRow & { readonly histogram: string | null })[],
  isCut: boolean,
): SamplePage {
  const last = isCut ? rows.at(-1) : undefined
  return {
    samples: rows.map(({ hash, at_ms, value, special, histogram }) => {
      return { hash, atMs: at_ms, value, special, histogram }
    }),
    next: last && { occurredAtMs: last.at_ms, id: last.id },
  }
}

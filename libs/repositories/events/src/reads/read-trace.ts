import { sql, type RawBuilder } from 'kysely'
import { ms, type Database } from '@runnel/repositories-database'
import { STARTED_AT } from './trace-filter.ts'

export interface StoredSpan {
  /** Of the event. */
  readonly id: string
  readonly receivedAtMs: number
  /** To the microsecond. */
  readonly startedAt: string
  readonly durationNs: number
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly service: string
  readonly name: string
  readonly kind: string
  readonly status: string
  /** The span as it was sent: JSON text; null where it was not asked for. */
  readonly dataText: string | null
}

export interface StoredTrace {
  /** In the order in which they began. */
  readonly spans: StoredSpan[]
  /** More exist, which began later. */
  readonly more: boolean
}

export interface TraceLimits {
  readonly maxSpans: number
  /** What the spans of the answer may have as they were sent; one is always given. */
  readonly maxBytes: number
  readonly withData: boolean
}

interface SpanRow {
  readonly id: string
  readonly received_at_ms: number
  readonly started: string
  readonly duration_ns: number
  readonly span_id: string
  readonly parent_span_id: string | null
  readonly service: string
  readonly name: string
  readonly kind: string
  readonly status: string
  readonly bulk: string | null
  readonly found: number
}

const COLUMNS = sql`id, received_at, started_at, duration_ns, span_id, parent_span_id, service, name, kind, status`

/**
 * The spans of a trace. One that was sent again after more than the 48 hours of its key is given once, as it came first.
 *
 * @param traceId 32 hexadecimal digits
 */
export async function readTrace(
  { kysely }: Database,
  traceId: string,
  { maxSpans, maxBytes, withData }: TraceLimits,
): Promise<StoredTrace> {
  // Of the spans of the page alone, for a trace may have a hundred thousand of them; `offset 0`, so that it is read once.
  const bulk: RawBuilder<string | null> = withData
    ? sql`(select data::text from span s where s.id = page.id and s.received_at = page.received_at)`
    : sql`null::text`
  const size = sql`coalesce(octet_length(bulk), 0) + octet_length(name) + octet_length(service) + 300`
  const { rows } = await sql<SpanRow>`
    select * from (
      select *, sum(${size}) over (order by started_at, id rows unbounded preceding) as bytes,
        row_number() over (order by started_at, id) as place
      from (
        select *, ${ms('received_at')} as received_at_ms, ${STARTED_AT} as started, ${bulk} as bulk
        from (
          select *, count(*) over ()::float8 as found from (
            select distinct on (span_id) ${COLUMNS} from span where trace_id = ${traceId}::uuid
            order by span_id, id
          ) once
          order by started_at, id limit ${maxSpans}
        ) page
        offset 0
      ) read
    ) sized
    where place = 1 or bytes <= ${maxBytes}
    order by place`.execute(kysely)
  return { spans: rows.map(toSpan), more: rows.length < (rows[0]?.found ?? 0) }
}

/** One span of a trace, as it came first. */
export async function findSpan(
  { kysely }: Database,
  traceId: string,
  spanId: string,
): Promise<StoredSpan | undefined> {
  const { rows } = await sql<SpanRow>`
    select ${COLUMNS}, ${ms('received_at')} as received_at_ms, ${STARTED_AT} as started, data::text as bulk
    from span where trace_id = ${traceId}::uuid and span_id = ${spanId}
    order by id limit 1`.execute(kysely)
  return rows[0] && toSpan(rows[0])
}

function toSpan(row: SpanRow): StoredSpan {
  return {
    id: row.id,
    receivedAtMs: row.received_at_ms,
    startedAt: row.started,
    durationNs: row.duration_ns,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    service: row.service,
    name: row.name,
    kind: row.kind,
    status: row.status,
    dataText: row.bulk,
  }
}

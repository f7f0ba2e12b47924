import { sql } from 'kysely'
import { requireScannable, type Database } from '@runnel/repositories-database'
import {
  behind,
  indexedConditions,
  isFilteredTrace,
  spanConditions,
  STARTED_AT,
  upTo,
  type SpanPosition,
  type TraceFilter,
} from './trace-filter.ts'

/** What a list shows of a trace. */
interface TraceSummary {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** Of its earliest span. */
  readonly startedAt: string
  /** Nanoseconds from the start of the first span to the end of the last. */
  readonly durationNs: number
  readonly spans: number
  readonly errors: number
  /** In their order; no more than {@link MAX_SERVICES}. */
  readonly services: string[]
  /** Its root; the earliest span where none has come. */
  readonly root: TraceRoot
  /** It has more spans than were looked at. */
  readonly more: boolean
}

interface TraceRoot {
  readonly service: string
  readonly name: string
  readonly kind: string
  readonly status: string
  /** It has a parent, which has not come. */
  readonly parentMissing: boolean
}

export interface TraceList {
  readonly items: TraceSummary[]
  /** Where the next page begins; undefined at the end. */
  readonly next: SpanPosition | undefined
}

/** Spans that are looked at in one statement, and statements of one page: a trace of very many spans makes pages short, not slow. */
const CHUNK = 1000
const MAX_CHUNKS = 10

/** Spans of a trace that its summary is made of. */
const MAX_SPANS = 10_000
const MAX_SERVICES = 50

interface FoundSpan {
  readonly trace_id: string
  readonly started_at: string
  readonly id: string
}

/**
 * Traces of which a span matches, those with the newest match first. A trace stands where its newest match does, so that it is on one page
 * alone, unless spans come in between.
 */
export async function listTraces(
  database: Database,
  filter: TraceFilter,
  { limit, after }: { readonly limit: number; readonly after?: SpanPosition | undefined },
): Promise<TraceList> {
  if (isFilteredTrace(filter))
    await requireScannable(database, 'span', sql`${indexedConditions(filter)} and ${behind(after)}`)
  const found = new Set<string>()
  const known = new Set<string>()
  let next = after
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) {
    const spans = await readSpans(database, filter, next)
    const seen = after ? await findSeen(database, filter, after, spans, known) : new Set<string>()
    for (const span of spans) {
      const isNew = !known.has(span.trace_id)
      if (isNew && !seen.has(span.trace_id)) {
        if (found.size === limit) return { items: await summarise(database, [...found]), next }
        found.add(span.trace_id)
      }
      known.add(span.trace_id)
      next = { startedAt: span.started_at, id: span.id }
    }
    if (spans.length < CHUNK) {
      next = undefined
      break
    }
  }
  return { items: await summarise(database, [...found]), next }
}

async function readSpans(
  { kysely }: Database,
  filter: TraceFilter,
  after: SpanPosition | undefined,
): Promise<FoundSpan[]> {
  const { rows } = await sql<FoundSpan>`
    select trace_id, ${STARTED_AT} as started_at, id from (
      select trace_id, started_at, id from span
      where ${spanConditions(filter)} and ${behind(after)}
      order by started_at desc, id desc limit ${CHUNK}
    ) s`.execute(kysely)
  return rows
}

/** Traces among them that stand on an earlier page. */
async function findSeen(
  { kysely }: Database,
  filter: TraceFilter,
  after: SpanPosition,
  spans: readonly FoundSpan[],
  known: ReadonlySet<string>,
): Promise<Set<string>> {
  const ids = [...new Set(spans.map(({ trace_id }) => trace_id))].filter((id) => !known.has(id))
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ trace_id: string }>`
    select t.id as trace_id from unnest(${ids}::uuid[]) as t(id)
    where exists (select from span where trace_id = t.id and ${spanConditions(filter)} and ${upTo(after)})`.execute(
    kysely,
  )
  return new Set(rows.map(({ trace_id }) => trace_id))
}

interface SummaryRow {
  readonly trace_id: string
  readonly started_at: string
  readonly duration_ns: number
  readonly spans: number
  readonly errors: number
  readonly services: string[]
  readonly root: TraceRoot
  readonly looked_at: number
}

/** @param ids of traces, in the order of the answer */
async function summarise({ kysely }: Database, ids: readonly string[]): Promise<TraceSummary[]> {
  if (ids.length === 0) return []
  const startNs = sql`extract(epoch from s.started_at) * 1000000000`
  const { rows } = await sql<SummaryRow>`
    select t.id as trace_id, one.* from unnest(${ids}::uuid[]) with ordinality as t(id, place)
    cross join lateral (
      select count(*) as looked_at, count(distinct span_id) as spans,
        count(distinct span_id) filter (where status = 'error') as errors,
        (select ${STARTED_AT} from (select min(s.started_at) as started_at) first) as started_at,
        (max(${startNs} + duration_ns) - min(${startNs}))::float8 as duration_ns,
        array_agg(distinct service) as services,
        (array_agg(json_build_object('service', service, 'name', name, 'kind', kind, 'status', status,
          'parentMissing', parent_span_id is not null) order by parent_span_id is not null, s.started_at, s.id))[1] as root
      from (
        select id, span_id, parent_span_id, started_at, duration_ns, service, name, kind, status
        from span where trace_id = t.id limit ${sql.lit(MAX_SPANS + 1)}
      ) s
    ) one
    where one.looked_at > 0
    order by t.place`.execute(kysely)
  return rows.map(({ trace_id, started_at, duration_ns, spans, errors, services, root, looked_at }) => ({
    traceId: trace_id.replaceAll('-', ''),
    startedAt: started_at,
    durationNs: duration_ns,
    ...{ spans, errors, root },
    services: services.slice(0, MAX_SERVICES),
    more: looked_at > MAX_SPANS,
  }))
}

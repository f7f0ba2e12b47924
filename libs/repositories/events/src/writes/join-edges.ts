import { sql, type Transaction } from 'kysely'
import { classifyFailure, ensurePartitions, type Database, type Schema } from '@runnel/repositories-database'
import { countMinutes } from './count-minutes.ts'
import { upsertMinutes, type MinuteTable } from './upsert-minutes.ts'

/** Open edges that one transaction looks at. */
const BLOCK = 1000

/** How long the caller of a call may be on its way. A call without one then counts in no edge. */
const WAIT_MINUTES = 15

const EDGES: MinuteTable = { table: 'edge_minute', names: ['caller', 'callee'], counted: 'calls' }

export interface JoinedEdges {
  /** Calls whose caller was found, in this service or in another one. */
  readonly joined: number
  /** Calls that were given up. */
  readonly orphaned: number
  /** There may be more to do at once. */
  readonly isFull: boolean
}

interface OpenEdge {
  readonly id: number
  readonly caller: string | null
  readonly callee: string
  readonly received_at: Date
  readonly minute: Date
  readonly duration_ns: number
  readonly is_error: boolean
  readonly expired: boolean
}

/**
 * Finds the callers of calls that are due, and counts an edge for each between two services. A call that is still without
 * one is looked at again after as long as it has waited already. Replicas may do so at the same time: a row is one's at a time, and is
 * counted and removed in one transaction. A missing day partition is created.
 *
 * @throws what the driver throws; nothing is counted then
 */
export async function joinEdges(database: Database): Promise<JoinedEdges> {
  let timesMs: number[] = []
  const attempt = () =>
    database.kysely.transaction().execute(async (trx) => {
      const edges = await lookForCallers(trx)
      timesMs = edges.map(({ received_at }) => received_at.getTime())
      return joinAll(trx, edges)
    })
  try {
    return await attempt()
  } catch (error) {
    if (classifyFailure(error) !== 'missing_partition') throw error
    await ensurePartitions(database, timesMs, ['edge_minute'])
    return attempt()
  }
}

async function joinAll(trx: Transaction<Schema>, edges: readonly OpenEdge[]): Promise<JoinedEdges> {
  const found = edges.filter(({ caller }) => caller !== null)
  const orphaned = edges.filter(({ caller, expired }) => caller === null && expired)
  const waiting = edges.filter(({ caller, expired }) => caller === null && !expired)
  await countEdges(trx, found)
  await remove(trx, [...found, ...orphaned])
  await postpone(trx, waiting)
  return { joined: found.length, orphaned: orphaned.length, isFull: edges.length === BLOCK }
}

/** Days around the call alone are looked at: a probe of every partition costs more than the rest. */
async function lookForCallers(trx: Transaction<Schema>): Promise<OpenEdge[]> {
  const { rows } = await sql<OpenEdge>`
    select e.id, e.callee, e.received_at, e.minute, e.duration_ns, e.is_error, c.service as caller,
      e.inserted_at < clock_timestamp() - make_interval(mins => ${sql.lit(WAIT_MINUTES)}) as expired
    from open_edge e
    left join lateral (
      select service from span s
      where s.trace_id = e.trace_id and s.span_id = e.parent_span_id
        and s.received_at >= e.received_at - interval '1 day' and s.received_at < e.received_at + interval '2 days'
      limit 1
    ) c on true
    where e.due_at <= clock_timestamp()
    order by e.due_at limit ${sql.lit(BLOCK)}
    for update of e skip locked`.execute(trx)
  return rows
}

async function countEdges(trx: Transaction<Schema>, edges: readonly OpenEdge[]): Promise<void> {
  const between = edges
    .filter(({ caller, callee }) => caller !== callee)
    .map(({ caller, callee, received_at, minute, duration_ns, is_error }) => ({
      receivedAtMs: received_at.getTime(),
      startedAtMs: minute.getTime(),
      durationNs: duration_ns,
      isError: is_error,
      ...{ caller, callee },
    }))
  const counts = countMinutes(between, ({ caller, callee }) => ({ caller, callee }))
  await upsertMinutes(trx, EDGES, counts)
}

async function remove(trx: Transaction<Schema>, edges: readonly OpenEdge[]): Promise<void> {
  if (edges.length === 0) return
  await sql`delete from open_edge where id = any(${edges.map(({ id }) => id)}::bigint[])`.execute(trx)
}

async function postpone(trx: Transaction<Schema>, edges: readonly OpenEdge[]): Promise<void> {
  if (edges.length === 0) return
  await sql`
    update open_edge
    set due_at = clock_timestamp() + greatest(interval '2 seconds', clock_timestamp() - inserted_at)
    where id = any(${edges.map(({ id }) => id)}::bigint[])`.execute(trx)
}

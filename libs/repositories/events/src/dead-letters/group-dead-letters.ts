import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { matches, REASON_CODE, type DeadLetterFilter } from './dead-letter-filter.ts'

/** Dead letters of one kind whose reasons begin with the same code. */
interface DeadLetterGroup {
  readonly kind: string
  readonly code: string
  readonly count: number
  readonly payloadBytes: number
  readonly firstFailedAt: Date
  readonly lastFailedAt: Date
  readonly newestId: number
  /** Of the newest one. */
  readonly reason: string
}

export interface DeadLetterGroups {
  /** Of all that match, whatever group they belong to. */
  readonly count: number
  readonly payloadBytes: number
  /** Null where none matches. */
  readonly newestId: number | null
  /** The largest first. */
  readonly groups: DeadLetterGroup[]
}

interface GroupRow extends DeadLetterGroup {
  readonly allCount: number
  readonly allBytes: number
  readonly allNewestId: number
}

/** Groups of an answer; there are no more kinds and codes than that. */
const MAX_GROUPS = 200

/** What the dead letters are about: counts by kind and code, in one moment. */
export async function groupDeadLetters(
  { kysely }: Database,
  filter: DeadLetterFilter,
): Promise<DeadLetterGroups> {
  const { rows } = await sql<GroupRow>`
    select g.*, d.reason from (
      select kind, ${REASON_CODE} as code, count(*)::float8 as count,
        sum(octet_length(payload))::float8 as "payloadBytes", min(first_failed_at) as "firstFailedAt",
        max(last_failed_at) as "lastFailedAt", max(id)::float8 as "newestId",
        sum(count(*)) over ()::float8 as "allCount", sum(sum(octet_length(payload))) over ()::float8 as "allBytes",
        max(max(id)) over ()::float8 as "allNewestId"
      from dead_letter where ${matches(filter)} group by 1, 2
    ) g join dead_letter d on d.id = g."newestId"
    order by g.count desc, g.kind, g.code limit ${MAX_GROUPS}`.execute(kysely)
  const [first] = rows
  return {
    count: first?.allCount ?? 0,
    payloadBytes: first?.allBytes ?? 0,
    newestId: first?.allNewestId ?? null,
    groups: rows.map(({ allCount: _count, allBytes: _bytes, allNewestId: _id, ...group }) => group),
  }
}

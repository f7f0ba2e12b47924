import { MESSAGE_STATUSES, type MessageStatus } from '@runnel/contracts'

/** Messages by status; every status is there. */
export type StatusCounts = Readonly<Record<MessageStatus, number>>

/** Messages that have something in common. */
export interface CountGroup<K> {
  readonly key: K
  readonly total: number
  readonly counts: StatusCounts
}

export interface CountGroups<K> {
  readonly items: readonly CountGroup<K>[]
  /** Those beyond the greatest groups, together; null where there are none. */
  readonly rest: Omit<CountGroup<K>, 'key'> | null
}

/** A count as a query gives it; a null key stands for the rest. */
export interface CountRow<K> {
  readonly key: K | null
  readonly status: MessageStatus
  readonly count: number
}

export function toStatusCounts(rows: readonly Pick<CountRow<never>, 'status' | 'count'>[]): StatusCounts {
  const counts = Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, 0])) as Record<
    MessageStatus,
    number
  >
  for (const { status, count } of rows) counts[status] += count
  return counts
}

export function totalOf(counts: StatusCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** Groups in the order in which `compare` puts them. */
export function toCountGroups<K>(
  rows: readonly CountRow<K>[],
  compare: (a: CountGroup<K>, b: CountGroup<K>) => number,
): CountGroups<K> {
  const items: CountGroup<K>[] = []
  let rest: CountGroups<K>['rest'] = null
  for (const [key, ofKey] of Map.groupBy(rows, (row) => row.key)) {
    const counts = toStatusCounts(ofKey)
    if (key === null) rest = { total: totalOf(counts), counts }
    else items.push({ key, total: totalOf(counts), counts })
  }
  return { items: items.sort(compare), rest }
}

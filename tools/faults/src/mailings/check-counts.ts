import { ensure } from '../ensure.ts'
import type { CountRow, RunState } from './read-run-state.ts'

/** What an hour's tally counts: messages that have come to rest. */
const TALLIED = ['sent', 'failed', 'expired', 'cancelled', 'unknown']

export type Counts = Readonly<Record<string, number>>

/** The truth: a count over the messages themselves. */
function countMessages({ messages }: RunState, mailingId: number): Counts {
  const counts: Record<string, number> = {}
  for (const message of messages)
    if (message.mailingId === mailingId) counts[message.status] = (counts[message.status] ?? 0) + 1
  return counts
}

/**
 * @param shown what query-api says
 * @throws BrokenPromiseError unless all ways of counting agree, and nothing is open any more
 */
export function checkCounts(state: RunState, mailingId: number, shown: Counts): Counts {
  const truth = countMessages(state, mailingId)
  const mailing = state.mailings.find(({ id }) => id === mailingId)
  ensure(mailing !== undefined, `mailing ${mailingId} is gone`)
  const name = `${mailing.name}: `
  const total = Object.values(truth).reduce((sum, count) => sum + count, 0)
  ensure(
    total === mailing.messageCount,
    `${name}${total} messages, and ${mailing.messageCount} by its own count`,
  )
  ensure((truth['pending'] ?? 0) + (truth['retry'] ?? 0) === 0, `${name}it has ended, and some are open`)
  ensureAlike(`${name}the slots`, pick(state.slots, mailingId), truth)
  ensureAlike(`${name}the answer of query-api`, shown, truth)
  const tallied = Object.fromEntries(Object.entries(truth).filter(([status]) => TALLIED.includes(status)))
  ensureAlike(`${name}the tallies by hour`, pick(state.tallies, mailingId), tallied)
  return truth
}

function pick(rows: readonly CountRow[], mailingId: number): Counts {
  const mine = rows.filter((row) => row.mailingId === mailingId)
  return Object.fromEntries(mine.map(({ status, count }) => [status, count]))
}

function ensureAlike(what: string, counted: Counts, truth: Counts): void {
  for (const status of new Set([...Object.keys(counted), ...Object.keys(truth)])) {
    const [has, should] = [counted[status] ?? 0, truth[status] ?? 0]
    ensure(has === should, `${what} say ${has} ${status}, and a count says ${should}`)
  }
}

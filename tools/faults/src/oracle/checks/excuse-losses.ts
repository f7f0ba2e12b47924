import type { Violation } from './violation.ts'

/** What becomes of the last commits of a primary whose standby had not got them. */
const LOSSES: ReadonlySet<string> = new Set([
  'acknowledged, and lost',
  'garbage, confirmed, and not among the dead letters',
  'said to be among the dead letters, and is not',
  'a product is not there',
  'an older version has won',
])

/**
 * An asynchronous standby promises less: what was lost with a primary is counted, and nothing else is excused, least of all what is there
 * twice.
 *
 * @returns what does not hold, and what was lost
 */
export function excuseLosses(violations: readonly Violation[]): {
  readonly violations: readonly Violation[]
  readonly losses: readonly Violation[]
} {
  const { losses = [], violations: others = [] } = Object.groupBy(violations, ({ what }) =>
    LOSSES.has(what) ? 'losses' : 'violations',
  )
  return { violations: others, losses }
}

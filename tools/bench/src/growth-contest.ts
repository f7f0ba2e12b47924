import { isTrial, type Contest, type Row } from './contest.ts'
import type { ProcessCosts } from './process-costs.ts'
import type { Sample } from './sample.ts'

/** How much is stored before the work is measured. */
export interface GrowthSizes {
  readonly small: number
  readonly base: number
  readonly large: number
}

/** Ten times as much may cost a fifth more. */
const GROWTH_AIM = 1 / 1.2

/** @param seconds length of one measurement */
export function growthSizes(seconds: number): GrowthSizes {
  const large = isTrial(seconds) ? 10_000 : 1_000_000
  return { small: large / 100, base: large / 10, large }
}

/** A row about Runnel alone: whether the same work gets dearer as more is stored. */
export function createGrowthRow(row: Pick<Row, 'title' | 'unit' | 'open'>): Row {
  return { ...row, ceiling: 'the same beside 100k stored rows', aim: GROWTH_AIM }
}

/**
 * The same work beside a million stored rows (as Runnel), beside 100,000 (as the ceiling) and beside 10,000 (shown below
 * them), in turn. Costs are the inverse of the rates; CPU time stands in the table of processes.
 *
 * @param measure does the work beside `stored` rows, and leaves as many behind
 */
export function createGrowthContest(
  costs: ProcessCosts,
  { small, base, large }: GrowthSizes,
  measure: (stored: number) => Promise<Sample>,
): Contest {
  return {
    costs,
    ceiling: () => measure(base),
    runnel: () => measure(large),
    also: { 'beside 10k stored rows': () => measure(small) },
  }
}

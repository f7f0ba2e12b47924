import type { Random } from '../../load/random.ts'

export interface WalkOptions {
  /** Where it starts, and where it is drawn back to. */
  readonly home: number
  /** Standard deviation of one step. */
  readonly step: number
  /** Share of the way home that each step takes; without it a walk of days ends at its bounds. */
  readonly pull: number
  readonly min: number
  readonly max: number
}

/** A value that changes smoothly and stays in its bounds. Each call is one step. */
export function createWalk(random: Random, { home, step, pull, min, max }: WalkOptions): () => number {
  let value = home
  return () => {
    value += (home - value) * pull + normal(random) * step
    value = Math.min(max, Math.max(min, value))
    return value
  }
}

/** Close enough to a normal distribution of mean 0 and deviation 1: twelve uniform numbers (Irwin and Hall). */
function normal(random: Random): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random()
  return sum
}

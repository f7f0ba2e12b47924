import { AppError } from '@runnel/contracts'
import type { SlicePace } from './slice-pace.ts'

/**
 * Runs a slice of a search, a shorter one where that takes too long.
 *
 * @param slice takes how many entries it may look at
 * @returns undefined where not even the shortest one ends in time, behind others that did
 * @throws AppError query_too_slow where that was the first one; and what else the slice throws
 */
export async function runSlice<T>(
  pace: SlicePace,
  isFirst: boolean,
  slice: (rows: number) => Promise<T>,
): Promise<T | undefined> {
  for (;;) {
    try {
      return await slice(pace.rows)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'query_too_slow') throw error
      if (pace.shrink()) continue
      if (isFirst) throw error
      return undefined
    }
  }
}

import { AppError } from '@runnel/contracts'
import { databaseProblem } from '@runnel/repositories-database'

/** Runs a query of the database. @throws AppError too_busy, and what {@link databaseProblem} makes of a failure */
export type RunQuery = <T>(query: () => Promise<T>) => Promise<T>

/**
 * Bounds how many queries run or wait: a pool itself lets any number wait.
 *
 * @param maxQueries that may run or wait at once
 */
export function createRunQuery(maxQueries: number): RunQuery {
  let queries = 0
  return async (query) => {
    if (queries >= maxQueries) {
      const message = 'Too many requests are waiting for the database; try again in a second'
      throw new AppError('too_busy', message, { retryAfterMs: 1000 })
    }
    queries++
    try {
      return await query()
    } catch (error) {
      throw databaseProblem(error)
    } finally {
      queries--
    }
  }
}

import { AppError } from '@runnel/contracts'
import { toDatabaseError } from './to-database-error.ts'

/** Runs a query of the database. @throws AppError too_busy, and what {@link toDatabaseError} makes of a failure */
export type RunQuery = <T>(query: () => Promise<T>) => Promise<T>

const RETRY_MS = 1000

/** For a query beyond a bound on those that run or wait. */
export function tooManyQueries(): AppError {
  const message = 'Too many queries are waiting for the database; try again in a second'
  return new AppError('too_busy', message, { retryAfterMs: RETRY_MS })
}

/**
 * Bounds how many queries run or wait: a pool itself lets any number wait.
 *
 * @param maxQueries that may run or wait at once
 */
export function createRunQuery(maxQueries: number): RunQuery {
  let queries = 0
  return async (query) => {
    if (queries >= maxQueries) throw tooManyQueries()
    queries++
    try {
      return await query()
    } catch (error) {
      throw toDatabaseError(error)
    } finally {
      queries--
    }
  }
}

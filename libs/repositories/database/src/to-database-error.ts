import { AppError } from '@runnel/contracts'
import { classifyFailure, isDiskFull, isForbidden, isStatementTimeout } from './database-errors.ts'

/** A failed query as an error for the client that asked: a query that is too slow, a wrong parameter, or trouble that passes. */
export function toDatabaseError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isStatementTimeout(error)) {
    return new AppError(
      'query_too_slow',
      'The query took too long: narrow its range',
      { retryAfterMs: 5000 },
      error,
    )
  }
  if (classifyFailure(error) === 'data') {
    return new AppError('bad_request', 'The database cannot understand a parameter', {}, error)
  }
  if (isDiskFull(error)) {
    return new AppError(
      'storage_full',
      'The disk of the database is full: it can be read, and takes new data once there is room',
      { retryAfterMs: 10_000 },
      error,
    )
  }
  if (isForbidden(error)) {
    return new AppError(
      'database_unavailable',
      'PostgreSQL does not allow it to the role of this app: run deploy/postgres/roles.sql again',
      { retryAfterMs: 60_000 },
      error,
    )
  }
  return new AppError('database_unavailable', 'The database does not answer', { retryAfterMs: 2000 }, error)
}

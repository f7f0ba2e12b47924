import { AppError } from '@runnel/contracts'

/** How long a client has to wait. */
const RETRY_MS = 1000

/** A bound on what waits for PostgreSQL is reached. */
export function tooBusy(): AppError {
  return new AppError('too_busy', 'Too many queries are waiting for the database: try again later', {
    retryAfterMs: RETRY_MS,
  })
}

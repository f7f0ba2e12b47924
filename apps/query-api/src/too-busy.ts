import { AppError } from '@runnel/contracts'

/** How long a client is told to wait. */
const RETRY_MS = 1000

/** A bound on what waits for PostgreSQL is reached. */
export function tooBusy(): AppError {
  return new AppError('too_busy', 'Too many queries are waiting for the database', { retryAfterMs: RETRY_MS })
}

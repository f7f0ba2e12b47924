/** What to do about a failed write. */
export type Failure = 'data' | 'missing_partition' | 'transient'

interface PostgresError extends Error {
  readonly code: string
  readonly constraint?: string
}

const SQLSTATE = /^[0-9A-Z]{5}$/

/** Classes 22 (data exception) and 23 (constraint violation), and what is too complex to be parsed. */
const DATA = /^(22...|23...|54000|54001)$/

/** What a server answers that cannot extend a file. */
export const DISK_FULL = '53100'

/** Statement timeout or cancel; lock timeout. */
const TIMEOUTS = new Set(['57014', '55P03'])

/**
 * Distinguishes poison from trouble. `data`: this input will never be stored, retrying is useless. `missing_partition`:
 * creating it helps. Everything else, from a cut connection to a full disk, is `transient`: wait and try again.
 */
export function classifyFailure(error: unknown): Failure {
  if (!isPostgresError(error)) return error instanceof RangeError ? 'data' : 'transient'
  // A row without a partition is reported as a check violation that names no constraint.
  if (error.code === '23514' && !error.constraint) return 'missing_partition'
  return DATA.test(error.code) ? 'data' : 'transient'
}

/** @returns whether a row was there already */
export function isUniqueViolation(error: unknown): boolean {
  return isPostgresError(error) && error.code === '23505'
}

/** @returns whether the database refused to write because its disk is full */
export function isDiskFull(error: unknown): boolean {
  return isPostgresError(error) && error.code === DISK_FULL
}

/** @returns whether the role may not do it */
export function isForbidden(error: unknown): boolean {
  return isPostgresError(error) && error.code === '42501'
}

/** @returns whether the server does not write: a standby, or one that an administrator made read-only */
export function isReadOnly(error: unknown): boolean {
  return isPostgresError(error) && error.code === '25006'
}

/** @returns whether the server undid the whole transaction because of others: a deadlock, or a failed serialisation */
export function isRolledBack(error: unknown): boolean {
  return isPostgresError(error) && (error.code === '40P01' || error.code === '40001')
}

/** @returns whether the server ended the statement because it took too long */
export function isStatementTimeout(error: unknown): boolean {
  if (isPostgresError(error)) return TIMEOUTS.has(error.code)
  return isReadTimeout(error)
}

/** The driver (pg 8) gives this failure no code, only a message. */
export const READ_TIMEOUT_MESSAGE = 'Query read timeout'

/** @returns whether the client gave up on an answer */
export function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === READ_TIMEOUT_MESSAGE
}

/** @returns whether a server answered it */
export function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && SQLSTATE.test((error as Partial<PostgresError>).code ?? '')
}

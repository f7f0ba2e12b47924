/**
 * How long anything is waited for that comes soon on a quiet machine: a process that starts, a condition of a test. A limit
 * costs nothing when all is well; this one is a little below what a test may take, so that the failure names what did not come.
 */
export const WAIT_LIMIT_MS = 110_000

import type { ApiError } from '../api/api-error.ts'

/** Between attempts when the server names no other time. */
const RETRY_MS = 5000
/** Between attempts whatever the server names. */
const LEAST_RETRY_MS = 1000

/** After how long to read again; undefined for not by itself. */
export function nextLoadMs(error: ApiError | undefined, refreshMs: number | undefined): number | undefined {
  if (error === undefined) return refreshMs
  if (!error.isTransient) return undefined
  return Math.max(error.trouble.retryAfterMs ?? RETRY_MS, LEAST_RETRY_MS)
}

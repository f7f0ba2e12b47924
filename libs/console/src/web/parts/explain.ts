import type { ApiError } from '../api/api-error.ts'
import { formatDuration } from '../format/duration.ts'

export interface Explanation {
  readonly title: string
  readonly detail: string
  readonly hint: string | undefined
}

/**
 * An error as a sentence for users.
 *
 * @param again whether the caller repeats the request automatically where that can help, as reading does
 */
export function explain(error: ApiError, again = true): Explanation {
  const { status, code, detail, field, expected, retryAfterMs } = error.trouble
  const input = [field && `Check the input ${field}.`, expected && `Expected: ${expected}.`]
    .filter(Boolean)
    .join(' ')
  const when = retryAfterMs === undefined ? '' : ` in ${formatDuration(retryAfterMs)}`
  const retry = again
    ? `Trying again automatically${when || ' soon'}.`
    : `Nothing was changed; try again${when}.`
  const hint = [status === 404 ? '' : input, error.isTransient && retry].filter(Boolean).join(' ')
  return { title: titleOf(status, code), detail: `${detail.replace(/\.$/, '')}.`, hint: hint || undefined }
}

/** Codes that have a title of their own. */
const TITLES: Record<string, string> = {
  unreachable: 'No connection',
  unauthenticated: 'Sign in first',
  forbidden: 'You may not do this',
  database_unavailable: 'The database is unreachable',
  broker_unavailable: 'The broker is unreachable',
  backlog_full: 'The backlog is full',
  query_too_slow: 'The query took too long',
  channel_not_configured: 'The channel is not configured',
  conflict: 'The change conflicts with the current state',
}

function titleOf(status: number, code: string): string {
  const own = TITLES[code]
  if (own !== undefined) return own
  if (status === 404) return 'Not found'
  if (status === 429) return 'Too many requests'
  if (status >= 500) return 'Not available at the moment'
  return 'The request was refused'
}

import type { ApiError } from '../api/api-error.ts'
import { formatDuration } from '../format/duration.ts'

export interface Explanation {
  readonly title: string
  readonly detail: string
  readonly hint: string | undefined
}

/**
 * An error in words.
 *
 * @param again whether it is tried again by itself where that makes sense, as reading is
 */
export function explain(error: ApiError, again = true): Explanation {
  const { status, code, detail, field, expected, retryAfterMs } = error.trouble
  const asked = [field && `Meant is: ${field}.`, expected && `Expected: ${expected}.`]
    .filter(Boolean)
    .join(' ')
  const what = again ? 'It is tried again by itself' : 'Nothing was done; it may work again'
  const when = retryAfterMs === undefined ? 'soon' : `in ${formatDuration(retryAfterMs)}`
  const hint = [status === 404 ? '' : asked, error.isTransient && `${what} ${when}.`]
    .filter(Boolean)
    .join(' ')
  return { title: titleOf(status, code), detail: `${detail.replace(/\.$/, '')}.`, hint: hint || undefined }
}

/** Codes that have a title of their own. */
const TITLES: Record<string, string> = {
  unreachable: 'No connection',
  database_unavailable: 'The database is away',
  broker_unavailable: 'The broker is away',
  backlog_full: 'The backlog is full',
  query_too_slow: 'That took too long',
  conflict: 'That is not possible now',
}

function titleOf(status: number, code: string): string {
  const own = TITLES[code]
  if (own !== undefined) return own
  if (status === 404) return 'Not found'
  if (status === 429) return 'Too many requests'
  if (status >= 500) return 'Not available at the moment'
  return 'That did not work'
}

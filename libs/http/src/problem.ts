import { AppError, type ErrorCode } from '@runnel/contracts'

/** An RFC 9457 problem with Runnel's stable `code`. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly field?: string
  readonly expected?: string
  readonly [extra: string]: unknown
}

/** The one place that maps an error code to an HTTP status. */
const STATUS: Record<ErrorCode, number> = {
  bad_json: 400,
  bad_encoding: 400,
  bad_request: 400,
  invalid_field: 400,
  missing_field: 400,
  invalid_cursor: 400,
  nul_character: 400,
  lone_surrogate: 400,
  number_out_of_range: 400,
  too_deep: 400,
  text_too_long: 400,
  empty_batch: 400,
  too_many_items: 413,
  nothing_accepted: 400,
  cross_site: 403,
  not_found: 404,
  conflict: 409,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  dead_lettered: 422,
  too_busy: 429,
  backlog_full: 503,
  broker_unavailable: 503,
  partly_accepted: 503,
  database_unavailable: 503,
  query_too_slow: 503,
  upstream_unavailable: 503,
  shutting_down: 503,
  internal: 500,
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** @returns the HTTP status that an error code answers with */
export function statusOf(code: ErrorCode): number {
  return STATUS[code]
}

export function toProblem(error: AppError): Problem {
  const status = statusOf(error.code)
  const { field, expected, extra } = error.details
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    ...(field !== undefined && { field }),
    ...(expected !== undefined && { expected }),
    ...extra,
  }
}

/** Seconds for a Retry-After header: transient trouble always says when to come back. */
export function retryAfterSeconds(error: AppError): number | undefined {
  const status = statusOf(error.code)
  if (status !== 503 && status !== 429) return undefined
  return Math.max(1, Math.ceil((error.details.retryAfterMs ?? 1000) / 1000))
}

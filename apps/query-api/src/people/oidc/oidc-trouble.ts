import { AppError } from '@runnel/contracts'
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'

const RETRY_AFTER_MS = 5000
const TIMED_OUT = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT'])

/** Names of errors as providers send them: nothing else of an answer is shown. */
const CODE = /^[\w.-]{1,64}$/

/** @returns what a person is told of whatever openid-client threw: the cause is for the log */
export function oidcTrouble(issuer: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isAway(error))
    return new AppError(
      'upstream_unavailable',
      `The provider ${issuer}, at which people sign in, does not answer at the moment`,
      { retryAfterMs: RETRY_AFTER_MS },
      error,
    )
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const reason = CODE.test(error.error) ? error.error : 'an unknown reason'
    return new AppError('sign_in_failed', `The provider refused to sign you in: ${reason}`, {}, error)
  }
  const code = error instanceof ClientError ? error.code : undefined
  return new AppError(
    'sign_in_failed',
    `The answer of the provider was not accepted${code === undefined ? '' : ` (${code})`}`,
    {},
    error,
  )
}

function isAway(error: unknown): boolean {
  if (isUnreachable(error)) return true
  if (error instanceof ResponseBodyError) return error.status >= 500
  if (!(error instanceof ClientError)) return false
  if (error.code !== undefined && TIMED_OUT.has(error.code)) return true
  return isUnreachable(error.cause) || (error.cause instanceof Response && error.cause.status >= 500)
}

/** As `fetch` fails where no answer comes; by its words, because its class may be that of another realm. */
function isUnreachable(error: unknown): boolean {
  const { name, message } = (error ?? {}) as Partial<Error>
  return name === 'TypeError' && message === 'fetch failed'
}

import { CliError } from '../cli-error.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'

/** What is read of an RFC 9457 problem. */
interface Problem {
  readonly code?: unknown
  readonly detail?: unknown
  readonly field?: unknown
  readonly expected?: unknown
  readonly position?: unknown
}

const MAX_DETAIL = 1000

/**
 * What an answer holds.
 *
 * @param answered of a client of @runnel/client
 * @throws CliError for a problem
 */
export function requireData<T>(answered: {
  readonly data?: T | undefined
  readonly error?: unknown
  readonly response: Response
}): T {
  if (answered.response.ok) return answered.data as T
  throw toCliError(answered.response, answered.error)
}

/** @param body JSON of the answer, or its text where it is something else */
export function toCliError({ status, url }: Response, body: unknown): CliError {
  const problem = typeof body === 'object' && body !== null ? (body as Problem) : {}
  const code = textOf(problem.code) ?? `http_${status}`
  const { origin, pathname } = new URL(url || 'http://unknown')
  const detail = textOf(problem.detail) ?? `${origin}${pathname} answered ${status}`
  const details = {
    code,
    field: textOf(problem.field),
    expected: textOf(problem.expected),
    hint: hintOf(status, textOf(problem.detail) !== undefined),
    ...(typeof problem.position === 'number' && { position: problem.position }),
  }
  return new CliError(exitCodeOf(status), detail.slice(0, MAX_DETAIL), details)
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.denied
  if (status === 400 || status === 422) return EXIT.usage
  if (status === 408 || status === 429 || status >= 500) return EXIT.unavailable
  return EXIT.failed
}

function hintOf(status: number, isRunnel: boolean): string | undefined {
  if (status === 401) return 'Give an API key with --key-file or RUNNEL_API_KEY; runnel keys makes one'
  if (status === 403) return 'Use a key that has the scope; runnel doctor shows whose key this is'
  return isRunnel ? undefined : 'Is it Runnel that answers there? --url names the address of query-api'
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

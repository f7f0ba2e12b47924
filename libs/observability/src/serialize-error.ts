import { stdSerializers } from 'pino'

/** What helps to find the cause. All else stays out: drivers hang commands with passwords and rows with phone numbers on errors. */
const SHOWN = [
  'type',
  'code',
  'errno',
  'syscall',
  'address',
  'port',
  'path',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'statusCode',
  'field',
] as const

/** Beyond this a message or a stack is cut. */
const MAX_CHARS = 8192

/**
 * An error as it is logged: message and stack with those of its causes, and the members of {@link SHOWN} where they are
 * plain values. Passwords in URLs are hidden.
 */
export function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const all = stdSerializers.err(error) as unknown as Record<string, unknown>
  const shown: Record<string, unknown> = {}
  for (const name of SHOWN) {
    const value = all[name]
    if (typeof value === 'string') shown[name] = tidy(value)
    else if (typeof value === 'number') shown[name] = value
  }
  shown['message'] = tidy(String(all['message']))
  shown['stack'] = tidy(String(all['stack']))
  const parts = (error as Partial<AggregateError>).errors
  if (Array.isArray(parts)) shown['errors'] = parts.slice(0, 10).map(serializeError)
  return shown
}

/** Up to the last `@` before a blank or a quote: a password may hold a slash or an @. */
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi

function tidy(text: string): string {
  return text.slice(0, MAX_CHARS).replace(CREDENTIALS, '$1***@')
}

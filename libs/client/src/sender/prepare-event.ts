import type { EventKind } from './event-kinds.ts'
import type { Refusal } from './undelivered.ts'

/** An event as it is sent: the same bytes in every try, by which the server recognises it. */
export interface PreparedEvent {
  /** undefined for spans, whose own ids name them */
  readonly eventId: string | undefined
  readonly text: string
  readonly bytes: number
}

export interface PrepareOptions {
  readonly eventBytes: number
  readonly nowMs: () => number
  readonly newId: () => string
}

/** Under these names the server looks for the time of a log; docs/LOG-MEMBERS.md describes them. */
const LOG_TIME_MEMBERS = [
  ...['timestamp', '@timestamp', 'time', 'ts', '@t', 'timeMillis', '__REALTIME_TIMESTAMP', 'instant', 'date'],
  'datetime',
] as const

type Members = Readonly<Record<string, unknown>>

/** What becomes of an event before it is queued: it gets an id and, where it has none, its time. */
export function prepareEvent(
  kind: EventKind,
  item: Members,
  options: PrepareOptions,
): PreparedEvent | Refusal {
  if (!isObject(item)) return { code: 'invalid_field', message: 'The event is not an object', field: '' }
  const { eventId = kind === 'traces' ? undefined : options.newId() } = item
  if (kind !== 'traces' && (typeof eventId !== 'string' || eventId === ''))
    return { code: 'invalid_field', message: 'eventId has to be a text with characters', field: '/eventId' }
  const text = stringify(withTime(kind, item, eventId, options.nowMs))
  if (typeof text !== 'string') return text
  const bytes = Buffer.byteLength(text)
  if (bytes <= options.eventBytes)
    return { eventId: kind === 'traces' ? undefined : (eventId as string), text, bytes }
  return { code: 'body_too_large', message: `The event is larger than ${options.eventBytes} bytes` }
}

/** An event that is sent again later happened when it was handed over. */
function withTime(kind: EventKind, item: Members, eventId: unknown, nowMs: () => number): Members {
  const named = eventId === undefined ? item : { ...item, eventId }
  const now = () => new Date(nowMs()).toISOString()
  if (kind === 'logs' && !LOG_TIME_MEMBERS.some((name) => name in item)) return { ...named, timestamp: now() }
  const { data } = item
  if (kind !== 'metrics' || !isObject(data) || 'timestamp' in data) return named
  return { ...named, data: { ...data, timestamp: now() } }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stringify(value: unknown): string | Refusal {
  try {
    return JSON.stringify(value)
  } catch (error) {
    return { code: 'not_json', message: (error as Error).message }
  }
}

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

/** An event that cannot be sent. */
export interface RefusedEvent {
  readonly eventId: string | undefined
  /** Empty where it cannot be written as JSON. */
  readonly text: string
  readonly why: Refusal
}

/** What becomes of an event before it is queued: it gets an id and, where it has none, its time. */
export function prepareEvent(
  kind: EventKind,
  item: Members,
  { eventBytes, nowMs, newId }: PrepareOptions,
): PreparedEvent | RefusedEvent {
  if (!isObject(item)) return refuse('', { ...INVALID, message: 'The event is not an object', field: '' })
  const given = kind === 'traces' ? item : { ...item, eventId: item['eventId'] ?? newId() }
  const text = stringify(withTime(kind, given, nowMs))
  if (typeof text !== 'string') return refuse('', text)
  const { eventId } = given
  if (kind !== 'traces' && (typeof eventId !== 'string' || eventId === ''))
    return refuse(text, {
      ...INVALID,
      message: 'eventId has to be a text with characters',
      field: '/eventId',
    })
  const prepared = { eventId: kind === 'traces' ? undefined : (eventId as string), text }
  const bytes = Buffer.byteLength(text)
  if (bytes <= eventBytes) return { ...prepared, bytes }
  const message = `The event is larger than ${eventBytes} bytes`
  return { ...prepared, why: { code: 'body_too_large', message } }
}

const INVALID = { code: 'invalid_field' }

function refuse(text: string, why: Refusal): RefusedEvent {
  return { eventId: undefined, text, why }
}

/** An event that is sent again later happened when it was handed over. */
function withTime(kind: EventKind, item: Members, nowMs: () => number): Members {
  const now = () => new Date(nowMs()).toISOString()
  if (kind === 'logs' && !LOG_TIME_MEMBERS.some((name) => name in item)) return { ...item, timestamp: now() }
  const { data } = item
  if (kind !== 'metrics' || !isObject(data) || 'timestamp' in data) return item
  return { ...item, data: { ...data, timestamp: now() } }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stringify(value: unknown): string | Refusal {
  try {
    const text = JSON.stringify(value) as string | undefined
    return text ?? { code: 'not_json', message: 'Its toJSON gives nothing' }
  } catch (error) {
    return { code: 'not_json', message: (error as Error).message }
  }
}

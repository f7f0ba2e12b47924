import type { Log } from '../sender/event-kinds.ts'

/** What a logger says of an entry. */
export interface Entry {
  readonly level: unknown
  readonly message: unknown
  /** As a text or a number; a missing one is that of the call. */
  readonly time?: unknown
  readonly service?: unknown
  readonly error?: unknown
  /** Everything else. */
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * An entry of a logger as a log of Runnel. The fields of the program are its attributes: under names of their own they could be taken
 * for members of the log, such as `eventId`, which would make two entries about one thing the same one.
 */
export function toLog({ level, message, time, service, error, fields }: Entry): Log {
  const { traceId, trace_id, spanId, span_id, ...attributes } = fields
  return withoutMissing({
    ...{ level, message, service, timestamp: time, error: describeError(error) },
    ...{ traceId: traceId ?? trace_id, spanId: spanId ?? span_id },
    attributes: Object.keys(attributes).length === 0 ? undefined : mapErrors(attributes),
  })
}

function withoutMissing(members: Readonly<Record<string, unknown>>): Log {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function mapErrors(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, describeError(value)]))
}

/** Of an error: causes may go on for long, or lead back to it. */
const MAX_CAUSES = 10

/** JSON would be `{}`. */
function describeError(value: unknown, maxCauses = MAX_CAUSES): unknown {
  if (!(value instanceof Error)) return value
  const { name, message, stack, cause } = value
  const hasCause = cause !== undefined && maxCauses > 0
  return { type: name, message, stack, ...(hasCause && { cause: describeError(cause, maxCauses - 1) }) }
}

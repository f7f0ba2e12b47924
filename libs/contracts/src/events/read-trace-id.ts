import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts'

const TRACE_ID = /^(?!0{32})[0-9a-fA-F]{32}$/

/**
 * The trace that a log entry belongs to, as OpenTelemetry, ECS and the usual loggers with either of them write it, in the entry or in its
 * attributes.
 *
 * @returns 32 hexadecimal digits in lower case; undefined where there are none: an id of another form is just kept
 */
export function readTraceId(entry: JsonObject): string | undefined {
  const { attributes } = entry
  return findTraceId(entry) ?? (isJsonObject(attributes) ? findTraceId(attributes) : undefined)
}

function findTraceId(members: JsonObject): string | undefined {
  const { traceId, trace_id, trace } = members
  return (
    parseTraceId(traceId) ??
    parseTraceId(trace_id) ??
    parseTraceId(members['trace.id']) ??
    (isJsonObject(trace) ? parseTraceId(trace['id']) : undefined)
  )
}

/** @returns the digits of a trace id in lower case; undefined for anything else */
function parseTraceId(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && TRACE_ID.test(value) ? value.toLowerCase() : undefined
}

import { judgeItem, readNanoseconds, type Span } from '@runnel/contracts'
import type { SpanRow } from '@runnel/repositories-events'
import { originOf, type IncomingEvent } from '../incoming-event.ts'

/** Bytes of service and name in columns and indexes; `data` has all of them. */
const COLUMN_BYTES = 512

const MS_NS = 1_000_000n

/** What PostgreSQL takes for a bigint: 292 years. */
const MAX_DURATION_NS = 9e18

/**
 * A span as a row. Its ids are its key, whatever key it came with: a second span with the same ids is a duplicate, and the first one
 * stays.
 *
 * @throws AppError when a known member is missing or has the wrong type
 */
export function promoteSpan({ id, op, data, form }: IncomingEvent): SpanRow {
  const span = judgeItem('traces', op, data, originOf(form)) as unknown as Span
  const startNs = readNanoseconds(span.startTime)!
  const endNs = readNanoseconds(span.endTime)!
  const startedAtNs = Number(((startNs % MS_NS) + MS_NS) % MS_NS)
  const traceId = span.traceId.toLowerCase()
  const spanId = span.spanId.toLowerCase()
  return {
    id,
    key: `${traceId}/${spanId}`,
    startedAtMs: Number((startNs - BigInt(startedAtNs)) / MS_NS),
    startedAtNs,
    durationNs: Math.min(MAX_DURATION_NS, Math.max(0, Number(endNs - startNs))),
    traceId,
    spanId,
    parentSpanId: span.parentSpanId?.toLowerCase() ?? null,
    service: cut(span.service),
    name: cut(span.name),
    kind: span.kind ?? 'unspecified',
    status: span.status?.code ?? 'unset',
    data,
  }
}

/** Whole characters alone: half of one is no text for PostgreSQL. */
function cut(text: string): string {
  if (text.length * 3 <= COLUMN_BYTES) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= COLUMN_BYTES) return text
  let end = COLUMN_BYTES
  while ((bytes[end]! & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}

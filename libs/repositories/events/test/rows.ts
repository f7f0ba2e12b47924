import { createEventIds, eventTimeMs } from '@runnel/contracts'
import type { LogRow, MetricRow, ProductRow, SpanRow } from '../src/writes/event-rows.ts'

/** Rising ids of now. */
export const nextId = createEventIds()

/** An id of another time. @param timeMs milliseconds since 1970 */
export function idAt(timeMs: number): string {
  return createEventIds(() => timeMs)()
}

export function aLog(changes: Partial<LogRow> = {}): LogRow {
  const id = changes.id ?? nextId()
  return {
    id,
    occurredAtMs: eventTimeMs(id),
    level: 'info',
    service: 'shop',
    message: 'hello',
    data: { level: 'info', message: 'hello' },
    ...changes,
  }
}

export function aMetric(changes: Partial<MetricRow> = {}): MetricRow {
  const id = changes.id ?? nextId()
  return {
    id,
    occurredAtMs: eventTimeMs(id),
    name: 'cpu',
    value: 0.5,
    unit: null,
    tags: null,
    data: { name: 'cpu', value: 0.5 },
    extra: null,
    ...changes,
  }
}

let lastTie = 0

export function aProduct(changes: Partial<ProductRow> = {}): ProductRow {
  const id = changes.id ?? nextId()
  return {
    id,
    position: { timeMs: eventTimeMs(id), tie: ++lastTie, index: 0 },
    op: 'upsert',
    productId: 1,
    name: 'pen',
    price: 10,
    manufacturer: 'bic',
    attributes: {},
    version: null,
    data: { id: 1, name: 'pen', price: 10 },
    ...changes,
  }
}

let lastSpan = 0

/** A span of a trace of its own. */
export function aSpan(changes: Partial<SpanRow> = {}): SpanRow {
  const id = changes.id ?? nextId()
  const traceId = changes.traceId ?? id.replaceAll('-', '')
  const spanId = changes.spanId ?? (++lastSpan).toString(16).padStart(16, '0')
  return {
    id,
    key: `${traceId}/${spanId}`,
    startedAtMs: eventTimeMs(id),
    startedAtNs: 0,
    durationNs: 1_000_000,
    traceId,
    spanId,
    parentSpanId: null,
    service: 'shop',
    name: 'GET /',
    kind: 'server',
    status: 'unset',
    data: { traceId, spanId },
    ...changes,
  }
}

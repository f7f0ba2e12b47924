import { createEventIds } from '@runnel/contracts'
import { connectDatabase, type Database, ensurePartitions } from '@runnel/repositories-database'
import {
  type LogRow,
  type MetricRow,
  type ProductRow,
  type SpanRow,
  joinEdges,
  storeLogs,
  storeMetrics,
  storeProducts,
  storeSpans,
} from '@runnel/repositories-events'

const nextId = createEventIds()
let lastTie = 0

export function product(productId: number, members: Partial<ProductRow> = {}): ProductRow {
  const row = {
    op: 'upsert',
    name: `Product ${productId}`,
    price: 9.5,
    manufacturer: 'bic',
    attributes: {},
  } as const
  const position = { timeMs: Date.now(), tie: ++lastTie, index: 0 }
  return { id: nextId(), position, productId, version: null, data: {}, ...row, ...members }
}

export function logEntry(members: Partial<LogRow> = {}): LogRow {
  const row = { level: 'info', service: 'shop', message: 'all is well', data: {} }
  return { id: nextId(), occurredAtMs: Date.now(), ...row, ...members }
}

export function metric(members: Partial<MetricRow> = {}): MetricRow {
  const row = { name: 'load', value: 1, unit: null, tags: {}, data: { value: 1 }, extra: null }
  return { id: nextId(), occurredAtMs: Date.now(), ...row, ...members }
}

let lastSpan = 0

/** @param traceId 32 hexadecimal digits */
export function span(traceId: string, members: Partial<SpanRow> = {}): SpanRow {
  const spanId = members.spanId ?? (++lastSpan).toString(16).padStart(16, '0')
  return {
    id: nextId(),
    key: `${traceId}/${spanId}`,
    startedAtMs: Date.now(),
    startedAtNs: 0,
    durationNs: 1_000_000,
    ...{ traceId, spanId, parentSpanId: null },
    ...{ service: 'shop', name: 'GET /', kind: 'server', status: 'unset', data: { traceId, spanId } },
    ...members,
  }
}

/** Writes as the consumer does. */
export async function openWriter(url: string) {
  const database: Database = connectDatabase({
    url,
    applicationName: 'test-writer',
    poolSize: 1,
    statementTimeoutMs: 10_000,
  })
  await ensurePartitions(database, [Date.now() - 86_400_000, Date.now()])
  return {
    database,
    products: (...rows: ProductRow[]) => storeProducts(database, rows, []),
    logs: (...rows: LogRow[]) => storeLogs(database, rows, []),
    metrics: (...rows: MetricRow[]) => storeMetrics(database, rows, []),
    spans: (...rows: SpanRow[]) => storeSpans(database, rows, []),
    joinEdges: () => joinEdges(database),
    close: () => database.close(),
  }
}

export type Writer = Awaited<ReturnType<typeof openWriter>>

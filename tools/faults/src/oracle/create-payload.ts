import { isJsonObject, type JsonObject, type JsonValue, type Kind } from '@runnel/contracts'
import { createHash } from 'node:crypto'
import { isProtocolMode, parseEventId, type EventName } from './delivery-modes.ts'
import { contentOf } from './event-content.ts'
import { PROTOCOL_CLIENTS } from './protocols/protocol-clients.ts'

/** Of the events that are to fill a stream. */
const LARGE_BYTES = 60_000
/** Products that the delivery mode `versions` changes again and again. */
const VERSIONED_PRODUCTS = 12
const FIRST_VERSIONED_ID = 7000
const FIRST_FRESH_ID = 9000

/** Where in an item of a kind its id stands. */
export const ID_PATH: Record<Kind, readonly string[]> = {
  logs: ['attributes', 'oracle'],
  metrics: ['data', 'tags', 'oracle'],
  products: ['attributes', 'oracle'],
  traces: ['attributes', 'oracle'],
}

/** The item of an id, as it is stored: always the same one, so that it need not be kept. */
export function createPayload(id: string, name: EventName): JsonObject {
  if (isProtocolMode(name.mode)) return PROTOCOL_CLIENTS[name.mode].toStored({ id, seq: name.seq })
  const item = createItem(id, name)
  // The members of a batch have no header for their keys.
  return name.mode === 'ndjson' || name.mode === 'gzip' ? { ...item, eventId: id } : item
}

function createItem(id: string, { mode, kind, seq }: EventName): JsonObject {
  const { text, level, value, hash } = contentOf(id)
  const padding = mode === 'large' ? { padding: 'x'.repeat(LARGE_BYTES) } : {}
  if (kind === 'logs') {
    const attributes = { oracle: id, value, nothing: null, list: [hash[1]!, { deep: text }], ...padding }
    return { level, message: text, service: 'oracle', attributes }
  }
  if (kind === 'metrics')
    return { data: { name: mode === 'fresh' ? id : 'oracle.value', value, tags: { oracle: id } }, note: text }
  if (kind === 'traces') return createSpan(id, text, value)
  const name = `oracle product ${hash[3]! % 50}`
  const product = { name, price: Math.round(value) / 100, manufacturer: 'oracle', attributes: { oracle: id } }
  if (mode === 'fresh') return { ...product, id: freshProduct(seq) }
  return mode === 'versions' ? { ...product, id: versionedProduct(seq), version: seq } : product
}

/** Where a span's id is found, and the trace that a fresh one is. */
export function traceOf(id: string): { readonly traceId: string; readonly spanId: string } {
  const digits = createHash('sha256').update(id).digest('hex')
  return { traceId: digits.slice(0, 32), spanId: digits.slice(32, 48) }
}

const FIRST_SPAN_MS = Date.UTC(2026, 0, 1)

function createSpan(id: string, text: string, value: number): JsonObject {
  return {
    ...traceOf(id),
    name: text,
    service: 'oracle',
    kind: 'server',
    startTime: new Date(FIRST_SPAN_MS).toISOString(),
    endTime: new Date(FIRST_SPAN_MS + 1 + Math.floor(value % 1000)).toISOString(),
    attributes: { oracle: id, value },
  }
}

/** The product that a version is of. */
export function versionedProduct(seq: number): number {
  return FIRST_VERSIONED_ID + (seq % VERSIONED_PRODUCTS)
}

/** The product that a fresh event creates. */
export function freshProduct(seq: number): number {
  return FIRST_FRESH_ID + seq
}

/** @returns the id of an item that this run has made, whatever became of the rest */
export function idOf(run: string, kind: Kind, item: JsonValue): string | undefined {
  let at: JsonValue | undefined = item
  for (const member of ID_PATH[kind]) at = isJsonObject(at) ? at[member] : undefined
  return typeof at === 'string' && parseEventId(run, at) ? at : undefined
}

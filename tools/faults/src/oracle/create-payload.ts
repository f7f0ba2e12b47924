import { isJsonObject, type JsonObject, type JsonValue, type Kind } from '@runnel/contracts'
import { createHash } from 'node:crypto'
import { parseEventId, type EventName } from './delivery-modes.ts'

/** Text that careless code alters: quotes, line ends, escapes, several scripts, an emoji beyond the BMP. */
const TEXTS = [
  'order accepted',
  'cache miss for "product 17"',
  'upstream said: 502\r\n\tretrying',
  'C:\\temp\\file <b>& more</b>',
  'поиск занял дольше обычного',
  'crème brûlée 🍮 sold out',
]
const LEVELS = ['debug', 'info', 'warn', 'error']
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
}

/** The item of an id: always the same one, so that it need not be kept. */
export function createPayload(id: string, name: EventName): JsonObject {
  const item = createItem(id, name)
  // The members of a batch have no header for their keys.
  return name.mode === 'ndjson' || name.mode === 'gzip' ? { ...item, eventId: id } : item
}

function createItem(id: string, { mode, kind, seq }: EventName): JsonObject {
  const hash = createHash('sha256').update(id).digest()
  const text = TEXTS[hash[0]! % TEXTS.length]!
  const value = hash.readUInt32BE(4) / 7
  const padding = mode === 'large' ? { padding: 'x'.repeat(LARGE_BYTES) } : {}
  if (kind === 'logs') {
    const attributes = { oracle: id, value, nothing: null, list: [hash[1]!, { deep: text }], ...padding }
    return { level: LEVELS[hash[2]! % LEVELS.length]!, message: text, service: 'oracle', attributes }
  }
  if (kind === 'metrics')
    return { data: { name: mode === 'fresh' ? id : 'oracle.value', value, tags: { oracle: id } }, note: text }
  const name = `oracle product ${hash[3]! % 50}`
  const product = { name, price: Math.round(value) / 100, manufacturer: 'oracle', attributes: { oracle: id } }
  if (mode === 'fresh') return { ...product, id: freshProduct(seq) }
  return mode === 'versions' ? { ...product, id: versionedProduct(seq), version: seq } : product
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

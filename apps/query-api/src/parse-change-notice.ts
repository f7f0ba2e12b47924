import { isJsonObject, type ChangeNotice } from '@runnel/contracts'

/** A consumer sends at most a quarter of it in one notice. */
const MAX_NOTICE_IDS = 20_000
const MAX_NOTICE_BYTES = 512 * 1024
/** The clock of the database may be that much ahead of ours. */
const MAX_AHEAD_MS = 2 * 60_000

/**
 * Any client of the broker may send one. What it can do is bounded: a few thousand products are read anew. A version of
 * the future would hold for ever, so that it counts as now.
 *
 * @param nowMs milliseconds since 1970
 * @returns undefined for a malformed notice, or one that no consumer sends
 */
export function parseChangeNotice(payload: Uint8Array, nowMs: number): ChangeNotice | undefined {
  const value = payload.length <= MAX_NOTICE_BYTES ? parse(payload) : undefined
  if (!isJsonObject(value)) return undefined
  const { productIds, version } = value
  if (!Array.isArray(productIds) || productIds.length > MAX_NOTICE_IDS || !productIds.every(isId))
    return undefined
  if (typeof version !== 'number' || !(version >= 0)) return undefined
  return { productIds, version: version > nowMs + MAX_AHEAD_MS ? nowMs : version }
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'))
  } catch {
    return undefined
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

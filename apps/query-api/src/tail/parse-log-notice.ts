import {
  isEventId,
  isJsonObject,
  type JsonValue,
  type LogNotice,
  type StoredLogEntry,
} from '@runnel/contracts'
import { parseText } from '@runnel/json'

/** @returns undefined for a malformed notice: the subject is public */
export function parseLogNotice(payload: Uint8Array): LogNotice | undefined {
  let value: JsonValue
  try {
    value = parseText(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString())
  } catch {
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  const { source, stored, logs } = value
  const isNotice = typeof source === 'string' && isCount(stored) && Array.isArray(logs) && logs.every(isLog)
  return isNotice ? (value as unknown as LogNotice) : undefined
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Where dates end, in JavaScript. */
const LAST_MS = 8.64e15

function isLog(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false
  const { id, occurredAtMs, level, service, message, data } = value as unknown as Partial<StoredLogEntry>
  const isTime = Number.isSafeInteger(occurredAtMs) && Math.abs(occurredAtMs as number) <= LAST_MS
  const areTexts = [level, service, message].every((text) => text === null || typeof text === 'string')
  return isEventId(id) && isTime && areTexts && data !== undefined
}

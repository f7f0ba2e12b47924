import {
  isEventId,
  isJsonObject,
  readLevelName,
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
  if (!isNotice) return undefined
  const notice = value as unknown as LogNotice
  return { ...notice, logs: notice.logs.map(withLevel) }
}

/** Consumers of earlier versions send levels as they came. */
function withLevel(log: StoredLogEntry): StoredLogEntry {
  const { level } = log
  const read = level === null ? null : readLevelName(level)
  return read === level ? log : { ...log, level: read }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Where dates end, in JavaScript. */
const LAST_MS = 8.64e15

function isLog(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false
  const { id, occurredAtMs, level, service, message, timeUnread, data } =
    value as unknown as Partial<StoredLogEntry>
  const isTime = Number.isSafeInteger(occurredAtMs) && Math.abs(occurredAtMs as number) <= LAST_MS
  const areTexts = [level, service, message].every((text) => text === null || typeof text === 'string')
  const isMark = timeUnread === undefined || typeof timeUnread === 'boolean'
  return isEventId(id) && isTime && areTexts && isMark && data !== undefined
}

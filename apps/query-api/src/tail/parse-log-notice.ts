import {
  eventTimeMs,
  isEventId,
  isJsonObject,
  readLevelName,
  type JsonValue,
  type LogNotice,
  type StoredLogEntry,
} from '@runnel/contracts'
import { parseText } from '@runnel/json'

/** A consumer sends half of it in one notice. */
const MAX_NOTICE_BYTES = 1024 ** 2
const MAX_NOTICE_LOGS = 10_000
const MAX_SOURCE_CHARACTERS = 64
/** The clock of the consumer may be that much ahead of ours. */
const MAX_AHEAD_MS = 10 * 60_000

/**
 * @param nowMs milliseconds since 1970
 * @returns undefined for a malformed notice, or one that no consumer sends: the subject is public
 */
export function parseLogNotice(payload: Uint8Array, nowMs: number): LogNotice | undefined {
  if (payload.length > MAX_NOTICE_BYTES) return undefined
  let value: JsonValue
  try {
    value = parseText(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString())
  } catch {
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  const { source, stored, logs } = value
  const isSource = typeof source === 'string' && source.length <= MAX_SOURCE_CHARACTERS
  if (!isSource || !isCount(stored) || !Array.isArray(logs) || logs.length > MAX_NOTICE_LOGS) return undefined
  const lastMs = nowMs + MAX_AHEAD_MS
  if (!logs.every((log) => isLog(log, lastMs))) return undefined
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

function isLog(value: JsonValue, lastMs: number): boolean {
  if (!isJsonObject(value)) return false
  const { id, occurredAtMs, level, service, message, timeUnread, data } =
    value as unknown as Partial<StoredLogEntry>
  const isTime = Number.isSafeInteger(occurredAtMs) && Math.abs(occurredAtMs as number) <= LAST_MS
  const areTexts = [level, service, message].every((text) => text === null || typeof text === 'string')
  const isMark = timeUnread === undefined || typeof timeUnread === 'boolean'
  return isEventId(id) && eventTimeMs(id) <= lastMs && isTime && areTexts && isMark && data !== undefined
}

import { ExtData } from '@msgpack/msgpack'
import { LAST_TIME_MS, LOG_MEMBERS } from '@runnel/contracts'
import { EventTime } from './fluent-codec.ts'

/** What is promoted to columns from where it stands; all others can be filtered by as attributes. */
const PROMOTED: ReadonlySet<string> = new Set([
  ...LOG_MEMBERS.level,
  ...LOG_MEMBERS.message,
  ...LOG_MEMBERS.service,
])
const SERVICES: ReadonlySet<string> = new Set(LOG_MEMBERS.service)

/**
 * A record as a log: the time is that of the protocol, level, message and service stay where the record has them, all other members
 * are attributes, the tag among them. Where the record names no service, the tag does.
 *
 * @param time an integer of seconds, an EventTime, or either of them with metadata (Fluent Bit)
 * @returns JSON text; integers keep all digits, bytes are base64, numbers that JSON has not are text
 * @throws TypeError where the record is no map
 */
export function recordToLog(tag: string, time: unknown, record: unknown): string {
  if (!isMap(record)) throw new TypeError('the record is no map')
  const [when, metadata] = Array.isArray(time) ? (time as unknown[]) : [time]
  const promoted: Record<string, unknown> = {}
  const attributes: Record<string, unknown> = { tag }
  let service: string | undefined = tag
  for (const [name, value] of Object.entries(record)) {
    const isKnown = PROMOTED.has(name) || (name === 'name' && isNumber(record['level']))
    if (isKnown) promoted[name] = value
    else attributes[name] = value
    if (SERVICES.has(name)) service = undefined
  }
  if (isMap(metadata) && Object.keys(metadata).length > 0) attributes['metadata'] ??= metadata
  const timestamp = toTimestamp(when)
  return JSON.stringify({ timestamp, service, ...promoted, attributes }, writeValue)
}

/** @returns undefined where it is no time */
function toTimestamp(time: unknown): string | undefined {
  if (time instanceof EventTime) {
    const seconds = toSeconds(time.seconds)
    return seconds && `${seconds}.${String(time.nanoseconds).padStart(9, '0')}Z`
  }
  if (time instanceof Date) return time.toISOString()
  if (typeof time === 'bigint') return toTimestamp(Number(time))
  if (typeof time !== 'number') return undefined
  if (Number.isInteger(time)) return toSeconds(time)?.concat('Z')
  return isMoment(time) ? new Date(time * 1000).toISOString() : undefined
}

/** @returns up to the second, without a zone */
function toSeconds(seconds: number): string | undefined {
  return isMoment(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 19) : undefined
}

function isMoment(seconds: number): boolean {
  return seconds >= 0 && seconds * 1000 <= LAST_TIME_MS
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** For JSON.stringify: what MessagePack has and JSON has not. */
function writeValue(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return JSON.rawJSON(String(value))
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof EventTime) return toTimestamp(value)
  if (value instanceof ExtData) return { type: value.type, data: value.data }
  return value
}

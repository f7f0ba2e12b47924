import { levelOfSyslog, type JsonObject, type JsonValue } from '@runnel/contracts'
import { omitMembers, setMember } from '@runnel/json'
import { isUtf8 } from 'node:buffer'
import { boundedKey } from '../shared/bounded-key.ts'
import { firstIndexedText } from '../shared/indexed-text.ts'
import type { MappedEvent } from '../shared/map-records.ts'
import { writeEpoch } from '../shared/write-epoch.ts'
import type { JournalEntry } from './read-entries.ts'

/** Where the service is, the first one first. */
const SERVICE_NAMES = ['SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT', '_COMM']

/** Microseconds since 1970: 16 digits today. */
const MICROSECONDS = /^\d{1,17}$/

/**
 * An entry of the journal as a log: its fields are attributes of their names. The cursor names it, so that it is stored once
 * however often it is uploaded.
 */
export function mapEntry(entry: JournalEntry): MappedEvent {
  const fields = fieldsOf(entry)
  const { MESSAGE: sent, PRIORITY: priority, __REALTIME_TIMESTAMP: time, __CURSOR: cursor } = fields
  const timestamp = timeOfMicros(time)
  const level = levelOf(priority)
  const service = firstIndexedText(fields, SERVICE_NAMES)
  const message = messageOf(entry, sent)
  // What the log has in a place of its own.
  const said = new Set<string>()
  if (timestamp !== undefined) said.add('__REALTIME_TIMESTAMP')
  if (sent === message) said.add('MESSAGE')
  return {
    kind: 'logs',
    key: typeof cursor === 'string' && cursor !== '' ? boundedKey(cursor) : undefined,
    item: {
      ...(timestamp !== undefined && { timestamp }),
      ...(level !== undefined && { level }),
      ...(service !== undefined && { service }),
      ...(message !== undefined && { message }),
      attributes: omitMembers(fields, said),
    },
  }
}

function levelOf(priority: JsonValue | undefined): string | undefined {
  return typeof priority === 'string' && /^[0-7]$/.test(priority)
    ? levelOfSyslog(Number(priority))
    : undefined
}

/** Of a name that comes several times, all values as a list. */
function fieldsOf(entry: JournalEntry): JsonObject {
  const fields: JsonObject = {}
  for (const [name, bytes] of entry) {
    const value = valueOf(bytes)
    if (!Object.hasOwn(fields, name)) setMember(fields, name, value)
    else if (Array.isArray(fields[name])) fields[name].push(value)
    else fields[name] = [fields[name]!, value]
  }
  return fields
}

/** What is no text that can be stored is its Base64. */
function valueOf(bytes: Buffer): JsonValue {
  return isText(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') }
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0)
}

/** Bytes that are no text are written as `\\xff`; the attribute has all of them. */
function messageOf(entry: JournalEntry, sent: JsonValue | undefined): string | undefined {
  if (sent === undefined || typeof sent === 'string') return sent
  const [, bytes] = entry.find(([name]) => name === 'MESSAGE')!
  return isText(bytes) ? bytes.toString('utf8') : escapeBytes(bytes)
}

function escapeBytes(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\x20-\x7e\t\n]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

function timeOfMicros(sent: JsonValue | undefined): string | undefined {
  return typeof sent === 'string' && MICROSECONDS.test(sent) ? writeEpoch(BigInt(sent), 6) : undefined
}

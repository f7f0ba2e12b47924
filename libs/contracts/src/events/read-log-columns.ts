import { toDouble } from '../decimal.ts'
import { isExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts'
import { levelOfPino, levelOfSyslog, readLevelName } from './levels.ts'
import { isIndexedText } from './limits.ts'
import { LOG_MEMBERS, LOGFMT_MEMBERS } from './log-members.ts'
import { parseTimestamp } from './parse-timestamp.ts'
import { readLogfmt } from './read-logfmt.ts'
import { readTimeObject } from './read-time-object.ts'

/** What a log entry says about itself, as the columns hold it. */
interface LogColumns {
  /** One of the usual levels, or another name in lower case. */
  level: string | null
  service: string | null
  message: string | null
  /** Milliseconds since 1970; undefined where the entry names no time that can be read. */
  timeMs: number | undefined
  /** It names a time, and none that can be read. */
  timeUnread: boolean
}

type Column = keyof typeof LOG_MEMBERS

/** Members by their names. Of one column, that with the lowest rank counts. */
const KNOWN = new Map(
  (Object.keys(LOG_MEMBERS) as Column[]).flatMap((column) =>
    LOG_MEMBERS[column].map((name, rank) => [name as string, { column, rank }] as const),
  ),
)

/** All that level, service and message are read from: an entry of these members alone has the same ones. */
export const LOG_COLUMN_MEMBERS: ReadonlySet<string> = new Set([
  ...LOG_MEMBERS.level,
  ...LOG_MEMBERS.service,
  ...LOG_MEMBERS.message,
  // Of GELF, pino and bunyan, tracing.
  ...['host', 'name', 'fields'],
])

/** Members that an object holds: `{"log":{"level":...}}` is `log.level`. */
const NESTED: Readonly<Record<string, string>> = { log: 'level', service: 'name' }

/** The best member of each column so far. */
interface Found {
  level: string | number | undefined
  levelRank: number
  message: string | undefined
  messageRank: number
  service: string | undefined
  serviceRank: number
  time: JsonValue | undefined
  timeRank: number
}

/**
 * Reads what the usual loggers write (pino, bunyan, zap, winston, ECS, GELF, journald, a line of logfmt as the message). The entry stays as
 * it was sent. A member that does not have the expected type is no error: the next name is tried.
 *
 * In one pass over the members, of which there are fewer than names: asking for every name took twice as long.
 */
export function readLogColumns(entry: JsonObject): LogColumns {
  const none = Infinity
  const found: Found = {
    level: undefined,
    levelRank: none,
    message: undefined,
    messageRank: none,
    service: undefined,
    serviceRank: none,
    time: undefined,
    timeRank: none,
  }
  for (const name in entry) {
    const known = KNOWN.get(name)
    if (known !== undefined) take(name, known.column, known.rank, entry[name]!, found)
  }
  const isGelf = typeof entry['short_message'] === 'string'
  const columns: LogColumns = {
    level:
      found.level === undefined
        ? null
        : (readLevel(found.level, isGelf) ?? findOtherLevel(entry, found.level)),
    service: found.service ?? findService(entry, isGelf),
    message: found.message ?? findMessage(entry),
    timeMs: undefined,
    timeUnread: false,
  }
  found.time ??= findTime(entry)
  if (found.time !== undefined) readTime(entry, found.time, columns)
  if (columns.level === null && columns.message !== null) readFromLogfmt(columns.message, columns)
  return columns
}

function take(name: string, column: Column, rank: number, value: JsonValue, found: Found): void {
  if (isJsonObject(value) && Object.hasOwn(NESTED, name)) {
    const inner = NESTED[name]!
    const known = KNOWN.get(`${name}.${inner}`)!
    if (value[inner] !== undefined) take(inner, known.column, known.rank, value[inner], found)
  } else if (column === 'time') {
    if (rank < found.timeRank && mayBeTime(name, value)) {
      found.time = value
      found.timeRank = rank
    }
  } else if (column === 'level') {
    const level = name === 'PRIORITY' ? readPriority(value) : plain(value)
    if (rank < found.levelRank && (typeof level === 'number' || isFilled(level))) {
      found.level = level
      found.levelRank = rank
    }
  } else if (column === 'message') {
    if (rank < found.messageRank && typeof value === 'string') {
      found.message = value
      found.messageRank = rank
    }
  } else if (rank < found.serviceRank && isFilled(value)) {
    found.service = value
    found.serviceRank = rank
  }
}

function readLevel(level: string | number, isGelf: boolean): string | undefined {
  if (typeof level === 'number') return isGelf ? levelOfSyslog(level) : levelOfPino(level)
  return isGelf && /^[0-7]$/.test(level) ? levelOfSyslog(Number(level)) : readLevelName(level)
}

/** A number that no logger here has keeps its digits, unless another member names the level, as Monolog's does. */
function findOtherLevel(entry: JsonObject, number: string | number): string {
  const name = LOG_MEMBERS.level.map((one) => entry[one]).find((value) => typeof value === 'string')
  return name !== undefined && isIndexable(name) ? readLevelName(name) : String(number)
}

/** `name` is the logger's in pino and bunyan, whose levels are numbers, and anything elsewhere; `host` is the source in GELF. */
function findService(entry: JsonObject, isGelf: boolean): string | null {
  const last = isGelf
    ? entry['host']
    : typeof plain(entry['level'] ?? null) === 'number'
      ? entry['name']
      : undefined
  return isIndexable(last) ? last : null
}

/** Rust's tracing writes the message among the fields. */
function findMessage({ fields }: JsonObject): string | null {
  const message = isJsonObject(fields) ? fields['message'] : undefined
  return typeof message === 'string' ? message : null
}

/** `datetime` is the entry's own time in Monolog, and anything elsewhere. */
function findTime(entry: JsonObject): JsonValue | undefined {
  return typeof entry['level_name'] === 'string' ? entry['datetime'] : undefined
}

/** journald writes the severities of syslog as text. */
function readPriority(value: JsonValue): string | undefined {
  return /^[0-7]$/.test(String(plain(value))) ? levelOfSyslog(Number(plain(value))) : undefined
}

/** Numbers below this are durations and counts in members that are only sometimes a time: as seconds they lie before 1973. */
const FIRST_EPOCH = 1e8

function mayBeTime(name: string, value: JsonValue): boolean {
  if (value === null) return false
  if (name === 'timestamp') return true
  if (name === 'instant') return isJsonObject(value)
  // Fluent Bit writes `date` as a number; as a text it may mean anything.
  const time = plain(value)
  return typeof time === 'number' ? time >= FIRST_EPOCH : name !== 'date' || typeof time !== 'string'
}

/** @param first the member that goes before all others, whose turn comes where it cannot be read */
function readTime(entry: JsonObject, first: JsonValue, columns: LogColumns): void {
  columns.timeMs = parseTime(first)
  if (columns.timeMs !== undefined) return
  const others = LOG_MEMBERS.time.filter((name) => entry[name] !== undefined && mayBeTime(name, entry[name]))
  columns.timeMs = others.map((name) => parseTime(entry[name]!)).find((ms) => ms !== undefined)
  columns.timeUnread = columns.timeMs === undefined
}

function parseTime(value: JsonValue): number | undefined {
  return isJsonObject(value) ? readTimeObject(value) : parseTimestamp(value)
}

function readFromLogfmt(line: string, columns: LogColumns): void {
  const pairs = readLogfmt(line)
  if (!pairs) return
  const find = (names: readonly string[]) =>
    names.map((name) => pairs.get(name)).find((text) => text !== undefined)
  const [level, service, time] = [LOGFMT_MEMBERS.level, LOGFMT_MEMBERS.service, LOGFMT_MEMBERS.time].map(find)
  if (isIndexable(level)) columns.level = readLevelName(level)
  if (columns.service === null && isIndexable(service)) columns.service = service
  columns.message = find(LOGFMT_MEMBERS.message) ?? line
  if (columns.timeMs !== undefined || time === undefined) return
  columns.timeMs = parseTimestamp(time)
  columns.timeUnread = columns.timeMs === undefined
}

/** Of a number with its text (`30.0`), the double: here its value alone counts. */
function plain(value: JsonValue): JsonValue {
  return isExactNumber(value) ? toDouble(value) : value
}

/** @returns whether a value is a text that an index takes, and says something */
function isFilled(value: unknown): value is string {
  return isIndexable(value) && value.trim() !== ''
}

/** @returns whether a value is a text that an index takes */
function isIndexable(value: unknown): value is string {
  return typeof value === 'string' && isIndexedText(value)
}

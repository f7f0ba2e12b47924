import { levelOfSyslog } from '@runnel/contracts'
import { readBsdHeader } from './read-bsd-header.ts'
import { readStructuredData } from './read-structured-data.ts'
import type { BsdClock } from './read-bsd-time.ts'
import type { SyslogHeader } from './syslog-header.ts'

/** A log as Runnel takes it. */
interface SyslogEntry {
  readonly timestamp?: string | undefined
  readonly level?: string | undefined
  readonly service?: string | undefined
  readonly message: string
  readonly attributes: Readonly<Record<string, unknown>>
}

const PRIORITY = /^<(\d{1,3})>/
const MAX_PRIORITY = 191
/** What sets RFC 5424 apart: a version, and a time of its own form or none. */
const NEW_FORM = /^1 (?:-|\d{4}-\d\d-\d\dT\S+)(?: |$)/
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Reads a message of RFC 5424 or of what RFC 3164 describes, whichever it is. There is nothing that it does not read: of parts that are
 * missing or malformed, the text is in the message.
 *
 * @param text without what ended it on the way
 * @param address of the sender, for a message that does not name its host
 */
export function readSyslog(text: string, address: string, clock: BsdClock): SyslogEntry {
  const priority = readPriority(text)
  const rest = priority === undefined ? text : text.slice(text.indexOf('>') + 1)
  const { timestamp, hostname, app, procid, msgid, structuredData, message } = NEW_FORM.test(rest)
    ? readNewForm(rest)
    : readBsdHeader(rest, clock)
  const severity = priority === undefined ? undefined : priority & 7
  return {
    timestamp,
    level: severity === undefined ? undefined : levelOfSyslog(severity),
    service: app,
    message,
    attributes: {
      facility: priority === undefined ? undefined : priority >> 3,
      severity,
      hostname,
      ...(hostname === undefined && { address }),
      procid,
      msgid,
      structuredData,
    },
  }
}

/** @returns undefined where it is missing or invalid */
function readPriority(text: string): number | undefined {
  const digits = PRIORITY.exec(text)?.[1]
  return digits === undefined || Number(digits) > MAX_PRIORITY ? undefined : Number(digits)
}

/** Version, time, host, application, process and kind of message: each a word, `-` where it is not known. */
function readNewForm(text: string): SyslogHeader {
  const words: string[] = []
  let at = 0
  while (words.length < 6 && at < text.length) {
    const end = text.indexOf(' ', at)
    words.push(text.slice(at, end < 0 ? text.length : end))
    at = end < 0 ? text.length : end + 1
  }
  const [, timestamp, hostname, app, procid, msgid] = words.map((word) => (word === '-' ? undefined : word))
  const { structuredData, end } = readStructuredData(text, at)
  const message = text.slice(end)
  return {
    ...{ timestamp, hostname, app, procid, msgid, structuredData },
    message: message.startsWith(BYTE_ORDER_MARK) ? message.slice(BYTE_ORDER_MARK.length) : message,
  }
}

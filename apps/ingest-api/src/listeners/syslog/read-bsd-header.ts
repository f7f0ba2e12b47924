import { readBsdTime, type BsdClock } from './read-bsd-time.ts'
import type { SyslogHeader } from './syslog-header.ts'

/** Who logged it, and the number of its process: `cron[12]: `. */
const TAG = /^([^\s:[\]]{1,128})(?:\[([^\]\s]{0,128})\])?:(?: |$)/
/** Without a time and a host before it, only this is a tag beyond doubt: words with a colon begin many sentences. */
const TAG_WITH_PROCESS = /^([\w./-]{1,128})\[(\d{1,20})\]: /
const WORD = /^(\S{1,255}) +/

/**
 * What stands behind the priority where it is not RFC 5424: `Nov 30 12:00:00 host app[12]: text`. RFC 3164 describes what senders did, and
 * requires nothing: each part may be missing.
 */
export function readBsdHeader(text: string, clock: BsdClock): SyslogHeader {
  const time = readBsdTime(text, clock)
  if (time === undefined) {
    const tag = TAG_WITH_PROCESS.exec(text)
    return tag === null ? { message: text } : withTag({}, text, tag)
  }
  const rest = text.slice(time.end)
  const { timestamp } = time
  const own = TAG.exec(rest)
  if (own !== null) return withTag({ timestamp }, rest, own)
  const host = WORD.exec(rest)
  if (host === null) return { timestamp, message: rest }
  const behind = rest.slice(host[0].length)
  const tag = TAG.exec(behind)
  const header = { timestamp, hostname: host[1] }
  return tag === null ? { ...header, message: behind } : withTag(header, behind, tag)
}

function withTag(header: Partial<SyslogHeader>, text: string, tag: RegExpExecArray): SyslogHeader {
  return { ...header, app: tag[1], procid: tag[2], message: text.slice(tag[0].length) }
}

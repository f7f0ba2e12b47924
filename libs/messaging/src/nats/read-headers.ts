/** What is read of headers; others are skipped unread. */
const WANTED = /^(Runnel-|Nats-Msg-Id$)/
const STATUS_LINE = 'NATS/1.0'

/** What the client's messages have, though its types do not name `size`: bytes of subject, reply, headers and payload. */
export interface ReceivedBytes {
  readonly data: Uint8Array
  readonly subject: string
  readonly reply?: string | undefined
  size(): number
}

/**
 * The headers that Runnel knows, by name, the first value of each. In place of the client's own reading, whose time grows
 * with the square of their number: one message with a megabyte of short headers would hold the process for minutes.
 *
 * The client gives the payload as a part of what it received: the headers stand right before it.
 */
export function readHeaders(msg: ReceivedBytes): ReadonlyMap<string, string> {
  const { data, subject, reply = '' } = msg
  const bytes = msg.size() - data.length - Buffer.byteLength(subject) - Buffer.byteLength(reply)
  if (bytes <= STATUS_LINE.length || data.byteOffset < bytes) return NONE
  const text = Buffer.from(data.buffer, data.byteOffset - bytes, bytes).toString('utf8')
  return text.startsWith(STATUS_LINE) ? parseLines(text) : NONE
}

const NONE: ReadonlyMap<string, string> = new Map()

function parseLines(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (let at = text.indexOf('\r\n') + 2; at > 1 && at < text.length;) {
    const newline = text.indexOf('\r\n', at)
    const end = newline < 0 ? text.length : newline
    const colon = text.indexOf(':', at)
    if (colon < 0) break
    if (colon < end && isWanted(text, at)) {
      const name = text.slice(at, colon)
      if (WANTED.test(name) && !found.has(name)) found.set(name, text.slice(colon + 1, end).trim())
    }
    at = end + 2
  }
  return found
}

/** A first look: names that begin otherwise are not cut out. */
function isWanted(text: string, at: number): boolean {
  return text[at] === 'R' || text[at] === 'N'
}

import { badEncoding, describeLost, readUtf8, type Item } from '../items.ts'
import type { Frame } from '../frame.ts'
import type { Peer } from '../listener.ts'
import type { ListenerLimits } from '../settings.ts'
import type { BsdClock } from './read-bsd-time.ts'
import { readSyslog } from './read-syslog.ts'

/** A message, from a connection or a datagram. @returns nothing for a blank one */
export function decodeSyslog(
  frame: Frame,
  { address }: Peer,
  limits: ListenerLimits,
  clock: BsdClock,
): readonly Item[] {
  if (typeof frame === 'string') return [describeLost('logs', frame, limits)]
  const text = readUtf8(frame)
  if (text === undefined) return [badEncoding('logs')]
  const message = withoutEnd(text)
  if (message.trim() === '') return []
  return [{ kind: 'logs', text: JSON.stringify(readSyslog(message, address, clock)) }]
}

/** Without what ends messages inside of a length or a datagram. A pattern would look at long runs of it again and again. */
function withoutEnd(text: string): string {
  let end = text.length
  while (end > 0 && '\r\n\0'.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

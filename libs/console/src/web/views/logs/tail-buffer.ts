import type { EventSourceMessage } from 'eventsource-parser'
import { parseJson } from '../../api/parse-json.ts'
import type { LogEntry } from '../../api/logs.ts'

/** Lines that are kept. */
export const MAX_LINES = 1000

/** The lines of a live tail, the newest first, and how many got lost on the way. */
export class TailBuffer {
  /** What is shown. */
  lines: readonly LogEntry[] = []
  /** What has come since; oldest first. */
  #waiting: LogEntry[] = []
  /** Lines that match and that the server, or a long pause here, has dropped. */
  dropped = 0
  /** Lines of any kind that never came to the server's tail. */
  missed = 0
  /** Ids of all lines that are here: after a break, some come twice. */
  #ids = new Set<string>()

  get waiting(): number {
    return this.#waiting.length
  }

  /** Takes events `log` and `dropped`; what cannot be read is passed over. */
  push(events: readonly EventSourceMessage[]): void {
    for (const { event, data } of events) {
      const value = parse(data)
      if (event === 'log' && isEntry(value)) this.#add(value)
      if (event !== 'dropped') continue
      this.dropped += numberOf(value, 'count')
      this.missed += numberOf(value, 'missed')
    }
    const over = this.#waiting.length - MAX_LINES
    if (over <= 0) return
    for (const { id } of this.#waiting.splice(0, over)) this.#ids.delete(id)
    this.dropped += over
  }

  /** Shows what has come. @returns whether that changed anything */
  flush(): boolean {
    if (this.#waiting.length === 0) return false
    const all = [...this.#waiting.reverse(), ...this.lines]
    this.lines = all.slice(0, MAX_LINES)
    for (const { id } of all.slice(MAX_LINES)) this.#ids.delete(id)
    this.#waiting = []
    return true
  }

  #add(entry: LogEntry): void {
    if (this.#ids.has(entry.id)) return
    this.#ids.add(entry.id)
    this.#waiting.push(entry)
  }
}

function parse(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is LogEntry {
  return typeof value === 'object' && value !== null && typeof (value as LogEntry).id === 'string'
}

function numberOf(value: unknown, name: string): number {
  const isObject = typeof value === 'object' && value !== null
  const count = isObject ? (value as Record<string, unknown>)[name] : undefined
  return typeof count === 'number' && count > 0 ? count : 0
}

import type { Topology } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import type { LogRow } from '@runnel/repositories-events'
import { randomUUID } from 'node:crypto'

export interface AnnouncerOptions {
  readonly notices: Pick<Notices, 'send' | 'subscribe'>
  readonly topology: Topology
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
}

export interface LogAnnouncer {
  /** To be called after their commit. */
  announce(rows: readonly LogRow[]): void
  close(): void
}

/** How long one request for entries counts; it is repeated every second. */
const WANTED_MS = 5000
/** Bytes of one notice; a broker takes 1 MiB. */
const NOTICE_BYTES = 256 * 1024
/** What a process spends on notices at most: no reader follows more than that, and storing goes first. */
const BYTES_PER_SECOND = 4 * 1024 ** 2

/**
 * Sends entries that were stored to clients that follow them live; without any it costs nothing. What is too large or
 * too much is left out: the count in the next notice shows it.
 */
export function createLogAnnouncer(options: AnnouncerOptions): LogAnnouncer {
  const { notices, topology, nowMs = () => performance.now() } = options
  const source = randomUUID()
  let wantedUntilMs = -Infinity
  let stored = 0
  let [allowance, allowedAtMs] = [BYTES_PER_SECOND, nowMs()]
  const unsubscribe = notices.subscribe(topology.logsWanted, () => {
    wantedUntilMs = nowMs() + WANTED_MS
  })
  const send = (before: number, logs: readonly string[]) => {
    const text = `{"source":"${source}","stored":${before},"logs":[${logs.join(',')}]}`
    notices.send(topology.logsStored, Buffer.from(text))
  }
  const announce = (rows: readonly LogRow[]) => {
    const first = stored
    stored += rows.length
    const now = nowMs()
    if (now > wantedUntilMs || rows.length === 0) return
    allowance = Math.min(BYTES_PER_SECOND, allowance + ((now - allowedAtMs) / 1000) * BYTES_PER_SECOND)
    allowedAtMs = now
    for (const part of splitRows(rows, allowance)) {
      allowance -= part.bytes
      send(first + part.from, part.texts)
    }
  }
  return { announce, close: unsubscribe }
}

interface Part {
  /** Index of its first row; in an empty part, of the row behind the last one. */
  readonly from: number
  readonly texts: string[]
  bytes: number
}

/** Parts of the size of a notice. An empty one at the end shows that rows before it were left out. */
function splitRows(rows: readonly LogRow[], maxBytes: number): Part[] {
  const parts: Part[] = []
  let spent = 0
  let next = 0
  for (let i = 0; i < rows.length && spent < maxBytes; i++) {
    const text = encodeLog(rows[i]!)
    const bytes = Buffer.byteLength(text)
    if (bytes > NOTICE_BYTES) continue
    let part = parts.at(-1)
    if (!part || next !== i || part.bytes + bytes > NOTICE_BYTES) {
      parts.push((part = { from: i, texts: [], bytes: 0 }))
    }
    part.texts.push(text)
    part.bytes += bytes
    spent += bytes
    next = i + 1
  }
  if (next < rows.length) parts.push({ from: rows.length, texts: [], bytes: 0 })
  return parts
}

function encodeLog({ id, occurredAtMs, level, service, message, timeUnread, data }: LogRow): string {
  return JSON.stringify({ id, occurredAtMs, level, service, message, timeUnread, data })
}

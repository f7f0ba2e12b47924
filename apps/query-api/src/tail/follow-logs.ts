import type { StoredLogEntry, Topology } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import { createRareWarning, type Logger } from '@runnel/observability'
import { parseLogNotice } from './parse-log-notice.ts'

export interface FollowLogsOptions {
  readonly log: Logger
  readonly notices: Pick<Notices, 'send' | 'subscribe' | 'onGap'>
  readonly topology: Topology
  /** The database's time, in milliseconds since 1970: what notices may claim is bounded by it. */
  readonly now: () => number
  /** Entries that were stored just now, each once. */
  readonly onLogs: (logs: readonly StoredLogEntry[]) => void
  /** So many were stored and will not come. */
  readonly onMissed: (count: number) => void
}

const REQUEST_EVERY_MS = 1000
/** A redelivered batch is announced again; a batch has a few thousand entries. */
const RECENT_IDS = 50_000
/** Entries that one notice may report as missed: the number is for people, and any client may send one. */
const MAX_MISSED = 1_000_000
/** Processes that store logs, those that are gone included. */
const MAX_SOURCES = 1000

/**
 * Requests from the consumers what they store, until the returned function is called. They number what they have stored,
 * so that the count of what was lost, or was too much to be sent, is exact.
 */
export function followLogs(options: FollowLogsOptions): () => void {
  const { log, notices, topology, onLogs, onMissed, now } = options
  const recent = new RecentIds(RECENT_IDS)
  const expected = new Map<string, number>()
  const warnOfNotice = createRareWarning<{ bytes: number }>((fields) =>
    log.warn(fields, 'a notice of logs is malformed'),
  )
  const request = () => notices.send(topology.logsWanted, new Uint8Array())
  const unsubscribe = notices.subscribe(topology.logsStored, (payload) => {
    const notice = parseLogNotice(payload, now())
    if (!notice) return warnOfNotice({ bytes: payload.length })
    const { source, stored, logs } = notice
    const missed = stored - (expected.get(source) ?? stored)
    // The newest source goes last.
    expected.delete(source)
    expected.set(source, stored + logs.length)
    if (expected.size > MAX_SOURCES) expected.delete(expected.keys().next().value!)
    if (missed > 0) onMissed(Math.min(missed, MAX_MISSED))
    const fresh = logs.filter(({ id }) => recent.add(id))
    if (fresh.length > 0) onLogs(fresh)
  })
  const stopGaps = notices.onGap(request)
  const timer = setInterval(request, REQUEST_EVERY_MS)
  request()
  return () => {
    clearInterval(timer)
    stopGaps()
    unsubscribe()
  }
}

/** Remembers the last ids: at least `size` of them, at most twice as many. */
class RecentIds {
  readonly #size: number
  #young = new Set<string>()
  #old = new Set<string>()

  constructor(size: number) {
    this.#size = size
  }

  /** @returns whether the id is new */
  add(id: string): boolean {
    if (this.#young.has(id) || this.#old.has(id)) return false
    this.#young.add(id)
    if (this.#young.size >= this.#size) {
      this.#old = this.#young
      this.#young = new Set()
    }
    return true
  }
}

import type { ClockNotice, Topology } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import type { Timekeeper } from '@runnel/repositories-database'

export interface AnnounceTimeOptions {
  readonly timekeeper: Pick<Timekeeper, 'nowMs' | 'state'>
  readonly notices: Pick<Notices, 'send' | 'subscribe'>
  readonly topology: Pick<Topology, 'clock' | 'clockWanted'>
}

/** Requests are answered at most this often: one answer is for all. */
const ANSWER_MS = 1000

/** Sends the time to apps that have no database: now and then, and where one of them has just started. */
export function announceTime({ timekeeper, notices, topology }: AnnounceTimeOptions): {
  now(): void
  close(): void
} {
  let sentMs = -Infinity
  const now = () => {
    const { state } = timekeeper
    if (!state) return
    sentMs = performance.now()
    const steady = state.shifts.every(({ kind }) => kind !== 'jump')
    const notice: ClockNotice = { nowMs: Math.round(timekeeper.nowMs()), steady }
    notices.send(topology.clock, Buffer.from(JSON.stringify(notice)))
  }
  const close = notices.subscribe(topology.clockWanted, () => {
    if (performance.now() - sentMs >= ANSWER_MS) now()
  })
  return { now, close }
}

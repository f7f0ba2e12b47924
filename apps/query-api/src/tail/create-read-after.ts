import { eventTimeMs } from '@runnel/contracts'
import type { LogConditions } from '@runnel/repositories-events'
import { encodeLog } from '../routes/encode-log.ts'
import type { Store } from '../store.ts'
import { toFrame, type Frame } from './live-log.ts'
import type { QueueLimits } from './tail-batch.ts'

/** How far back a client may go on. */
const MAX_BACK_MS = 5 * 60_000
/**
 * Entries are committed a little out of their order: one that is older than the last one may have come after it. Better
 * twice than never.
 */
const OVERLAP_MS = 2000

/** Reads from the database what was stored since a client has gone: this process does not have it. */
export function createReadAfter(store: Store, queue: QueueLimits) {
  return async (conditions: LogConditions, id: string): Promise<{ frames: Frame[]; dropped: number }> => {
    const fromMs = Math.max(eventTimeMs(id) - OVERLAP_MS, store.nowMs() - MAX_BACK_MS)
    const { items, found } = await store.listReceivedLogs(conditions, fromMs, {
      limit: queue.lines,
      maxBytes: queue.bytes,
    })
    const frames = items.filter((item) => item.id !== id).map((item) => toFrame(item.id, encodeLog(item)))
    return { frames, dropped: found - items.length }
  }
}

import { pause } from '@runnel/runtime'
import { setImmediate as yieldToIo } from 'node:timers/promises'

export interface OpenLoopOptions {
  readonly perSecond: number
  readonly durationMs: number
  /** Arrivals that find so many unanswered are dropped, and counted. */
  readonly maxOutstanding: number
}

export interface OpenLoopCounts {
  /** Arrivals that the schedule asked for so far. */
  scheduled: number
  /** Of those, the ones that were never sent because too many were unanswered. */
  dropped: number
}

/** Arrivals in a row after which answers are looked at, also when the schedule is behind. */
const BURST = 32

/**
 * Calls `fire` at fixed times, however long the calls before take: a slow server meets the same load as a fast one.
 * A call that comes late because this process was busy still gets the time it was meant for.
 *
 * @param fire takes the scheduled time (as performance.now()); must not throw
 * @param signal ends the arrivals; what was fired is awaited
 */
export async function runOpenLoop(
  { perSecond, durationMs, maxOutstanding }: OpenLoopOptions,
  counts: OpenLoopCounts,
  fire: (scheduledMs: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now()
  const total = Math.max(1, Math.round((durationMs / 1000) * perSecond))
  const outstanding = new Set<Promise<void>>()
  const timeOf = (arrival: number) => startMs + (arrival / perSecond) * 1000
  while (counts.scheduled < total && !signal.aborted) {
    const waitMs = timeOf(counts.scheduled) - performance.now()
    if (waitMs > 0) {
      await pause(waitMs, signal)
      continue
    }
    if (counts.scheduled % BURST === 0) await yieldToIo()
    const scheduledMs = timeOf(counts.scheduled++)
    if (outstanding.size >= maxOutstanding) {
      counts.dropped++
      continue
    }
    const call = fire(scheduledMs).finally(() => outstanding.delete(call))
    outstanding.add(call)
  }
  await Promise.all(outstanding)
}

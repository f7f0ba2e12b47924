import type { Topology } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import type { Logger } from '@runnel/observability'
import type { Timekeeper } from '@runnel/repositories-database'
import { pause } from '@runnel/runtime'
import { announceTime } from './announce-time.ts'

export interface KeepTimeOptions {
  readonly log: Logger
  readonly timekeeper: Timekeeper
  readonly notices: Pick<Notices, 'send' | 'subscribe'>
  readonly topology: Topology
  /** Called after each check. */
  readonly onChecked: () => void
  readonly signal: AbortSignal
}

/** How often the database's clock is read, and sent to apps without a database. */
const CHECK_MS = 10_000
/** Before it has been read at all: nothing is stored until then. */
const FIRST_RETRY_MS = 500

/** Reads the database's clock for the first time. Resolves when that is done, or the signal aborts. */
export async function readFirstTime({ log, timekeeper, onChecked, signal }: KeepTimeOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await timekeeper.check()
      onChecked()
      return
    } catch (error) {
      log.warn({ err: error }, "the database's clock could not be read; nothing is stored until it is")
    }
    await pause(FIRST_RETRY_MS, signal)
  }
}

/** Compares the database's clock with what is known, again and again, and sends it to others. Resolves when the signal aborts. */
export async function keepTime(options: KeepTimeOptions): Promise<void> {
  const { log, timekeeper, onChecked, signal } = options
  const announce = announceTime(options)
  while (!signal.aborted) {
    announce.now()
    await pause(CHECK_MS, signal)
    if (signal.aborted) break
    try {
      const before = timekeeper.state
      const state = await timekeeper.check()
      onChecked()
      const { suspension } = state
      if (suspension && suspension.reason !== before?.suspension?.reason) {
        log.warn(
          { reason: suspension.reason, shifts: state.shifts },
          'the removal of old events is suspended',
        )
      }
    } catch (error) {
      log.warn({ err: error }, "the database's clock could not be read; it goes on by this machine's")
    }
  }
  announce.close()
}

import { createSender, type SenderCounts, type SenderOptions } from '../sender/create-sender.ts'
import type { Log } from '../sender/event-kinds.ts'
import type { LoggerOptions } from './logger-options.ts'

export type LoggerSenderOptions = Omit<LoggerOptions, 'service'> &
  Pick<SenderOptions, 'key' | 'onUndelivered' | 'fetch'>

/** The sender of a transport. */
export interface LoggerSender {
  /**
   * Resolves once the entry is queued or dropped. Where the queue is full it waits while the server takes events, and drops while it does
   * not: no logger waits for its transport, so that all entries of an outage would be in memory.
   */
  log(entry: Log): Promise<void>
  /** Never throws: what is left after `closeMs` is reported. */
  close(): Promise<void>
  counts(): SenderCounts
}

const CLOSE_MS = 8000

export function createLoggerSender({ closeMs = CLOSE_MS, ...options }: LoggerSenderOptions): LoggerSender {
  /** Aborted from a failure on until something is delivered. */
  let trouble = new AbortController()
  let deliveredBefore = 0
  const sender = createSender({
    ...options,
    onRetry: () => {
      deliveredBefore = sender.counts().delivered
      trouble.abort()
    },
  })
  const isTrouble = () => {
    if (trouble.signal.aborted && sender.counts().delivered > deliveredBefore) trouble = new AbortController()
    return trouble.signal.aborted
  }
  return {
    log: async (entry) => {
      if (isTrouble()) return sender.log(entry, { whenFull: 'drop' })
      const { signal } = trouble
      try {
        await sender.log(entry, { whenFull: 'wait', signal })
      } catch (error) {
        if (!signal.aborted) throw error
        await sender.log(entry, { whenFull: 'drop' })
      }
    },
    close: () => sender.close(AbortSignal.timeout(closeMs)).catch(() => {}),
    counts: sender.counts,
  }
}

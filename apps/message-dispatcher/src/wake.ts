import type { Notices } from '@runnel/messaging'

/** Ends the pauses of loops in all replicas, because there may be work. A notice that is lost only costs one pause. */
export interface Wake {
  /** Call after a commit that makes work for a loop of any replica. */
  notify(): void
  /** Resolves at the next notice, after `ms`, or once the signal aborts; never rejects. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  close(): void
}

const NOTHING = new Uint8Array()

/** @param subject of the topology: `wake` */
export function createWake(notices: Notices, subject: string): Wake {
  const waiters = new Set<() => void>()
  const wakeAll = () => {
    for (const waiter of waiters) waiter()
  }
  const stop = notices.subscribe(subject, wakeAll)
  return {
    notify() {
      wakeAll()
      notices.send(subject, NOTHING)
    },
    pause: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const end = () => {
          clearTimeout(timer)
          waiters.delete(end)
          signal.removeEventListener('abort', end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        waiters.add(end)
        signal.addEventListener('abort', end)
      }),
    close: stop,
  }
}

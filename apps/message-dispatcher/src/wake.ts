import type { Notices } from '@runnel/messaging'

/** Ends the pauses of the loops of all replicas, because there may be something to do. Losing one costs a pause. */
export interface Wake {
  /** Call after a commit that gives somebody work. */
  notify(): void
  /** Resolves at the next notice, after `ms`, or once the signal aborts; never rejects. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  close(): void
}

const NOTHING = new Uint8Array()

/** @param subject of the topology: `wake` */
export function createWake(notices: Notices, subject: string): Wake {
  const sleepers = new Set<() => void>()
  const wakeAll = () => {
    for (const sleeper of sleepers) sleeper()
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
          sleepers.delete(end)
          signal.removeEventListener('abort', end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        sleepers.add(end)
        signal.addEventListener('abort', end)
      }),
    close: stop,
  }
}

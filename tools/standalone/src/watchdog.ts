import { Worker } from 'node:worker_threads'

/** How often the main thread shows that it runs. */
const BEAT_MS = 250

export interface WatchdogData {
  /** Counts up while the main thread runs. */
  readonly beats: Int32Array
  readonly limitMs: number
  /** Its disk is named where it is full. */
  readonly dataDir: string
}

/**
 * Ends the process, with a line that says why, when its main thread has not run for too long. PostgreSQL shares that thread: where a
 * server would end itself (no room for its write-ahead log in the middle of a commit), PGlite may loop for
 * ever, and nothing in the same thread would notice. A new process recovers.
 *
 * @param limitMs far beyond the longest query; time that the whole process sleeps does not count
 * @param dataDir of the database
 */
export function startWatchdog(limitMs: number, dataDir: string): { close(): Promise<void> } {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const timer = setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS)
  const data: WatchdogData = { beats, limitMs, dataDir }
  const file = new URL('./watchdog-worker.ts', import.meta.url)
  const worker = new Worker(file, { workerData: data, execArgv: [] })
  worker.unref()
  timer.unref()
  return {
    close: async () => {
      clearInterval(timer)
      await worker.terminate()
    },
  }
}

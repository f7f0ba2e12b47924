import cluster, { type Worker } from 'node:cluster'
import { pause } from '../pause.ts'
import type { ServiceLog } from '../run-service.ts'

export interface WorkersOptions {
  /** 1: this process does the work itself. */
  readonly workers: number
  /** Of a worker's drain, after which it ends itself. */
  readonly shutdownMs: number
  readonly log: () => ServiceLog
  /** Called with each worker that was started, and whether another one had ended in its place. */
  readonly onWorker: (worker: Worker, isReplacement: boolean) => void
}

const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 10_000
/** A worker that lived for so long has not failed at its start. */
const LIVED_MS = 60_000
/** Beyond a worker's own deadline, by when it is ended. */
const GRACE_MS = 2000

/**
 * Runs a service in this process, or in several that share its ports. A worker that ends unasked is replaced, after a pause that grows while
 * that repeats. SIGTERM and SIGINT drain all of them. The exit code is 0 only when each drained in order. Where workers end before the first of them
 * listens, nothing is replaced: what keeps them from starting is to be seen from outside.
 *
 * @param serve the life of one process; never called in the process that starts workers
 */
export async function runWorkers(options: WorkersOptions, serve: () => Promise<void>): Promise<void> {
  if (cluster.isWorker) {
    await serve()
    // Else the channel would keep it alive.
    cluster.worker?.disconnect()
    return
  }
  if (options.workers === 1) return serve()
  await supervise(options)
}

async function supervise({ workers, shutdownMs, log: createLog, onWorker }: WorkersOptions): Promise<void> {
  const log = createLog()
  const stopping = new AbortController()
  let hasListened = false
  let clean = true
  let pauseMs = FIRST_PAUSE_MS

  const runOne = async (isReplacement: boolean): Promise<void> => {
    const worker = cluster.fork()
    onWorker(worker, isReplacement)
    const startedMs = performance.now()
    let listens = false
    worker.once('listening', () => (listens = hasListened = true))
    const { code, signal } = await exitOf(worker)
    if (stopping.signal.aborted) {
      // Before it had anything to drain, the signal ends it.
      clean &&= code === 0 || (signal === 'SIGTERM' && !listens)
      return
    }
    clean &&= hasListened
    if (!hasListened) return stopping.abort()
    pauseMs = performance.now() - startedMs > LIVED_MS ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, MAX_PAUSE_MS)
    log.error({ worker: worker.process.pid, code, signal, pauseMs }, 'a worker ended and is replaced')
    await pause(pauseMs, stopping.signal)
  }
  const keepOne = async (): Promise<void> => {
    for (let isReplacement = false; !stopping.signal.aborted; isReplacement = true)
      await runOne(isReplacement)
  }
  const signalAll = (signal: NodeJS.Signals) => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal)
  }
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopping.abort())
  stopping.signal.addEventListener('abort', () => {
    signalAll('SIGTERM')
    setTimeout(() => signalAll('SIGKILL'), shutdownMs + GRACE_MS).unref()
  })
  // Workers accept connections themselves. One that this process had handed to a worker that dies at that moment would stay open without an
  // answer; of those that a worker accepted itself, the system closes each.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  // As JSON, an infinite value of a metric would arrive as null.
  cluster.setupPrimary({ serialization: 'advanced' })
  log.info({ workers }, 'starting workers')
  await Promise.all(Array.from({ length: workers }, keepOne))
  log.info({ clean }, 'all workers stopped')
  process.exitCode = clean ? 0 : 1
}

interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

function exitOf(worker: Worker): Promise<Exit> {
  return new Promise((resolve) => worker.once('exit', (code, signal) => resolve({ code, signal })))
}

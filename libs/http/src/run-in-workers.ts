import { counter, createLogger, createMetrics, MetricsRelay } from '@runnel/observability'
import { runWorkers } from '@runnel/runtime'

export interface WorkerSettings {
  readonly workers: number
  readonly shutdownMs: number
  readonly logLevel: string
}

/**
 * Runs an app in as many processes as WORKERS says, which share its port, and whose `/metrics` are those of all.
 *
 * @param serve the life of one process
 */
export async function runInWorkers(
  app: string,
  { workers, shutdownMs, logLevel }: WorkerSettings,
  serve: () => Promise<void>,
): Promise<void> {
  let relay: ReturnType<typeof startRelay> | undefined
  await runWorkers(
    {
      workers,
      shutdownMs,
      log: () => createLogger(app, logLevel),
      onWorker: (worker, isReplacement) => {
        relay ??= startRelay(app)
        relay.workers.add(worker)
        if (isReplacement) relay.replaced.inc()
      },
    },
    serve,
  )
}

/** With the metrics of the process that starts workers: it accepts their connections. */
function startRelay(app: string) {
  const metrics = createMetrics(app)
  const help = 'Workers that ended unasked and were replaced'
  return {
    workers: new MetricsRelay(metrics),
    replaced: counter(metrics, 'runnel_workers_replaced_total', help, []),
  }
}

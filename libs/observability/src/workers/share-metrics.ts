import { AggregatorRegistry, type Registry } from 'prom-client'
import { toWorkerMessage, type Dump, type WorkerMessage } from './worker-message.ts'

/** Without the other workers' metrics by then, a worker gives its own. */
const COLLECT_MS = 2000

/** In a worker: whichever worker is asked for metrics gives those of all, added up. */
export function shareMetrics(registry: Registry): void {
  const own = registry.metrics.bind(registry)
  const waiting = new Map<number, (dumps: readonly Dump[] | undefined) => void>()
  let lastId = 0
  const send = (message: WorkerMessage) => process.send?.(message, undefined, undefined, () => undefined)
  process.on('message', (received) => {
    const message = toWorkerMessage(received)
    if (message?.runnel === 'collected') waiting.get(message.id)?.(message.dumps)
    if (message?.runnel !== 'dump') return
    const { id } = message
    void registry.getMetricsAsJSON().then((dump) => send({ runnel: 'dumped', id, dump }))
  })
  const collect = async (): Promise<readonly Dump[] | undefined> => {
    const id = ++lastId
    const { promise, resolve } = Promise.withResolvers<readonly Dump[] | undefined>()
    waiting.set(id, resolve)
    const timer = setTimeout(() => resolve(undefined), COLLECT_MS)
    send({ runnel: 'collect', id })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      waiting.delete(id)
    }
  }
  registry.metrics = async () => {
    const dumps = await collect()
    return dumps ? addUp(dumps).metrics() : own()
  }
}

/** As the metrics say themselves: counters are added, of most gauges the largest counts. */
export function addUp(dumps: readonly Dump[]): Registry {
  const all = dumps.map((dump) => dump.map(withStart))
  // Its types leave out that it takes what getMetricsAsJSON returns.
  return AggregatorRegistry.aggregate(all as never) as Registry
}

/** An app started with its first process; prom-client leaves the time out. */
function withStart(metric: Dump[number]): Dump[number] {
  return metric.name === 'process_start_time_seconds' ? { ...metric, aggregator: 'min' } : metric
}

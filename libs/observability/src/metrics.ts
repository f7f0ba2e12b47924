import cluster from 'node:cluster'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { shareMetrics } from './workers/share-metrics.ts'

/** Prometheus metrics of one app. Names are `runnel_<what>_<unit>[_total]`; labels have few, known values. */
export type Metrics = Registry

/** @param app goes on every metric as the label `app` */
export function createMetrics(app: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ app })
  collectDefaultMetrics({ register: registry })
  if (cluster.isWorker) shareMetrics(registry)
  return registry
}

/** A counter in a registry. Ask for it once and keep it: two of one name are refused. */
export function counter<L extends string>(
  metrics: Metrics,
  name: string,
  help: string,
  labels: L[],
): Counter<L> {
  return new Counter({ name, help, labelNames: labels, registers: [metrics] })
}

/**
 * @param collect called at every scrape, for values that are looked up rather than kept
 * @param aggregator of an app in several processes (WORKERS): `sum` for what each holds a part of, `max` for what all of them see alike
 */
export function gauge<L extends string>(
  metrics: Metrics,
  name: string,
  help: string,
  labels: L[],
  collect?: (gauge: Gauge<L>) => void | Promise<void>,
  aggregator: 'sum' | 'max' = 'max',
): Gauge<L> {
  const made: Gauge<L> = new Gauge({
    name,
    help,
    labelNames: labels,
    registers: [metrics],
    aggregator,
    ...(collect && { collect: () => collect(made) }),
  })
  return made
}

/** @param buckets upper bounds in the unit that the name ends with */
export function histogram<L extends string>(
  metrics: Metrics,
  name: string,
  help: string,
  labels: L[],
  buckets: number[],
): Histogram<L> {
  return new Histogram({ name, help, labelNames: labels, buckets, registers: [metrics] })
}

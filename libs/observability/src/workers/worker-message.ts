import type { MetricObjectWithValues, MetricValue } from 'prom-client'

/** Metrics of one process. */
export type Dump = readonly MetricObjectWithValues<MetricValue<string>>[]

/**
 * Between the workers of an app and the process that started them: a worker asks for the metrics of all (`collect`), each gives its own
 * (`dump`, `dumped`), and the one that asked receives all of them (`collected`).
 */
export type WorkerMessage =
  | { readonly runnel: 'collect'; readonly id: number }
  | { readonly runnel: 'dump'; readonly id: number }
  | { readonly runnel: 'dumped'; readonly id: number; readonly dump: Dump }
  | { readonly runnel: 'collected'; readonly id: number; readonly dumps: readonly Dump[] }

/** @returns undefined for a message of another kind */
export function toWorkerMessage(message: unknown): WorkerMessage | undefined {
  return typeof message === 'object' && message !== null && 'runnel' in message
    ? (message as WorkerMessage)
    : undefined
}

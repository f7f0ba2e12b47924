import type { paths } from '../generated/ingest-api.ts'

/** Kinds of events, each with a route and a queue of its own. */
export const EVENT_KINDS = ['metrics', 'logs', 'products', 'traces'] as const

export type EventKind = (typeof EVENT_KINDS)[number]

type Body<Kind extends EventKind> =
  paths[`/api/v1/${Kind}`]['post']['requestBody']['content']['application/json']

/** Unknown members are kept. */
type Item<Kind extends EventKind> = Exclude<Body<Kind>, readonly unknown[]> &
  Readonly<Record<string, unknown>>

/** Events as their routes take them. */
export type Metric = Item<'metrics'>
export type Log = Item<'logs'>
export type Product = Item<'products'>
export type Span = Item<'traces'>

export interface EventOfKind {
  readonly metrics: Metric
  readonly logs: Log
  readonly products: Product
  readonly traces: Span
}

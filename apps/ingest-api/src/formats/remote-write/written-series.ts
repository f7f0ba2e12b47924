import type { Histogram } from '@runnel/wire/prometheus/types'
import type { SpecialValue } from '@runnel/wire/special-value'

/** Both as JSON: that is what becomes of them. */
export type Label = readonly [name: string, value: string]

export interface WrittenSample {
  readonly value: number
  /** What the value is where it is no finite number. */
  readonly special: SpecialValue | undefined
  /** Milliseconds since 1970. */
  readonly timestampMs: number
}

export interface WrittenHistogram {
  readonly histogram: Histogram
  /** What its sum is where that is no finite number: `stale` makes a stale marker of the whole. */
  readonly special: SpecialValue | undefined
}

export interface WrittenExemplar {
  readonly labels: readonly Label[]
  readonly value: number
  readonly timestampMs: number
}

/** A series of a request, of either version of the protocol. */
export interface WrittenSeries {
  readonly labels: readonly Label[]
  readonly samples: readonly WrittenSample[]
  readonly histograms: readonly WrittenHistogram[]
  readonly exemplars: readonly WrittenExemplar[]
  /** What the second version says of the metric: its type in lower case, and its unit as JSON. */
  readonly kind?: string | undefined
  readonly unit?: string | undefined
  /** Milliseconds since 1970 from which a counter counts. */
  readonly startMs?: number | undefined
  /** Why nothing of it can be kept. */
  readonly problem?: string | undefined
}

import type { KindWeights } from '../load/kind-mix.ts'

/** What a running stream can be given at any time. */
export interface StreamSettings {
  /** Events, from {@link MIN_RATE} to {@link MAX_RATE}. */
  readonly ratePerSecond: number
  readonly kinds: KindWeights
  /** Decides on every event; another one begins another run. */
  readonly seed: number
  /** Events of a kind that travel in one request. */
  readonly batch: number
}

export interface StreamOptions {
  readonly settings: StreamSettings
  /** Whether the stream runs from the start of the app. */
  readonly autostart: boolean
  /** Requests that may be unanswered at a time; past them, events are skipped. */
  readonly maxOutstanding: number
}

export const MIN_RATE = 0.1
export const MAX_RATE = 1000
export const MAX_BATCH = 100
export const MAX_WEIGHT = 1000

import type { KindWeights } from '../load/kind-mix.ts'

/** What a running stream can be given at any time. */
export interface StreamSettings {
  /** Events, from 0.1 to 1000. */
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

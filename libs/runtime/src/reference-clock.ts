/** The clocks of this process, which tests replace. */
export interface ClockSources {
  /** The wall clock: milliseconds since 1970, which may be wrong and may jump. */
  readonly wallMs: () => number
  /** Milliseconds that only pass. */
  readonly monotonicMs: () => number
}

export const SYSTEM_CLOCKS: ClockSources = { wallMs: () => Date.now(), monotonicMs: () => performance.now() }

/**
 * The time of a reference, carried on by this process's monotonic clock: what its wall clock does meanwhile changes nothing.
 * Before the first sample it is the wall clock's time at the start.
 */
export class ReferenceClock {
  readonly #sources: ClockSources
  #aheadMs: number
  #known = false

  constructor(sources: ClockSources = SYSTEM_CLOCKS) {
    this.#sources = sources
    this.#aheadMs = sources.wallMs() - sources.monotonicMs()
  }

  /** Milliseconds since 1970. */
  readonly nowMs = (): number => this.#aheadMs + this.#sources.monotonicMs()

  /** Whether the reference has been heard at all. */
  get known(): boolean {
    return this.#known
  }

  /** The reference showed this time at that moment of the monotonic clock. */
  set(referenceMs: number, monotonicMs: number): void {
    this.#known = true
    this.#aheadMs = referenceMs - monotonicMs
  }

  /** By how much the wall clock is ahead of the reference (negative: behind), in milliseconds; undefined before a sample. */
  readonly offsetMs = (): number | undefined =>
    this.#known ? this.#sources.wallMs() - this.nowMs() : undefined
}

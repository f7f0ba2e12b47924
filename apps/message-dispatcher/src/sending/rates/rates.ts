export interface Grant {
  /** Messages that may be sent now: 0 to `wanted`. */
  readonly granted: number
  /** Where it is less than `wanted`: milliseconds until there is more; else 0. */
  readonly retryInMs: number
}

/** Rate limits of sending that all replicas share. */
export interface Rates {
  /**
   * Takes from the mailing's rate, and from the rate of the channel as a whole. Never rejects.
   *
   * @param ratePerSecond of the mailing; null: no limit of its own
   */
  take(mailingId: number, ratePerSecond: number | null, wanted: number): Promise<Grant>
  /** Gives back what was granted and not used. */
  giveBack(mailingId: number, count: number): void
}

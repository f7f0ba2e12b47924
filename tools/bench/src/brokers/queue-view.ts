/** A look at the queue of one kind from outside. */
export interface QueueView {
  /** Forgets everything, so that the next turn finds the queue as the first one did. */
  purge(): Promise<void>
  /** Messages that were not delivered yet. */
  countWaiting(): Promise<number>
  /** Those that were not settled yet, waiting ones included. */
  countUnsettled(): Promise<number>
}

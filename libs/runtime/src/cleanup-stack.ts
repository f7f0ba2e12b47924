export type Cleanup = () => void | Promise<void>

/** Something that holds a connection, a file or a timer, and lets go of it when asked. */
export interface Closable {
  close(): void | Promise<void>
}

/**
 * What was opened, in order, so that it can be closed in reverse. A failing close does not keep the others from
 * closing.
 */
export class CleanupStack {
  readonly #cleanups: Cleanup[] = []
  readonly #abort = new AbortController()
  readonly #lastCall = new AbortController()

  /** Aborted when the stack begins to close: loops end on it. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /**
   * Aborted when little time is left for closing: what still waits for an answer then is not waited for any more, so that
   * everything else can be closed in order.
   */
  get lastCall(): AbortSignal {
    return this.#lastCall.signal
  }

  /** Aborts {@link lastCall}. */
  hurry(): void {
    this.#lastCall.abort()
  }

  /** Keeps `closable` for {@link close} and returns it. */
  use<T extends Closable>(closable: T): T {
    this.defer(() => closable.close())
    return closable
  }

  defer(cleanup: Cleanup): void {
    this.#cleanups.push(cleanup)
  }

  /**
   * Runs every cleanup, the newest first. A second call closes what was added since.
   *
   * @throws AggregateError of what failed, after all have run
   */
  async close(): Promise<void> {
    this.#abort.abort()
    const failures: unknown[] = []
    for (let cleanup = this.#cleanups.pop(); cleanup; cleanup = this.#cleanups.pop()) {
      try {
        await cleanup()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Could not close everything')
  }
}

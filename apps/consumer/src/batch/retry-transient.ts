import { classifyFailure } from '@runnel/repositories-database'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RetryOptions {
  readonly retryDelayMs: number
  /** Ends the waiting. */
  readonly signal: AbortSignal
  /** Told of each failed attempt that is going to be repeated. */
  readonly onRetry: (error: unknown) => void
}

/**
 * Repeats work until the database takes it, however long it is away. Trouble uses up no attempts: there are none to use
 * up.
 *
 * @throws AbortError when the signal aborts
 * @throws whatever is not transient: waiting would not help
 */
export async function retryTransient<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (;;) {
    options.signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (classifyFailure(error) !== 'transient') throw error
      options.onRetry(error)
    }
    await sleep(options.retryDelayMs, undefined, { signal: options.signal })
  }
}

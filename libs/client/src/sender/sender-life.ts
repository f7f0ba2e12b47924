import type { BatchSender } from './batch-sender.ts'

/** How a sender ends, with those of each kind: in order, or at once. */
export class SenderLife {
  readonly #senders: readonly BatchSender[]
  readonly #aborting: AbortController
  readonly #letGo: () => void
  #closing: Promise<void> | undefined

  /**
   * @param aborting whose signal they have
   * @param signal ends everything at once
   */
  constructor(senders: readonly BatchSender[], aborting: AbortController, signal: AbortSignal | undefined) {
    this.#senders = senders
    this.#aborting = aborting
    this.#letGo = this.#endWith(signal)
  }

  /** Nothing is taken any more. */
  get isClosed(): boolean {
    return this.#closing !== undefined || this.#aborting.signal.aborted
  }

  /** Resolves once everything that came before is settled. @throws the reason of an abort */
  async flush(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.#aborting.signal.throwIfAborted()
    await unlessAborted(Promise.all(this.#senders.map((sender) => sender.flush())), [
      signal,
      this.#aborting.signal,
    ])
  }

  /** @throws the reason of an abort */
  async close(signal?: AbortSignal): Promise<void> {
    this.#closing ??= this.flush().finally(() => this.#letGo())
    const letGo = this.#endWith(signal)
    try {
      await this.#closing
    } finally {
      letGo()
    }
  }

  /** Gives everything up once the signal aborts. @returns what undoes that */
  #endWith(signal: AbortSignal | undefined): () => void {
    const abort = () => this.#abort(signal!.reason)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort)
    return () => signal?.removeEventListener('abort', abort)
  }

  #abort(reason: unknown): void {
    this.#aborting.abort(reason)
    for (const sender of this.#senders) sender.abort(reason)
  }
}

/** What `promise` gives, unless one of the signals aborts before. @throws its reason then */
function unlessAborted<T>(promise: Promise<T>, signals: readonly (AbortSignal | undefined)[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const listeners = signals.map((signal) => {
      const onAbort = () => reject(signal!.reason as Error)
      signal?.addEventListener('abort', onAbort)
      return () => signal?.removeEventListener('abort', onAbort)
    })
    void promise.then(resolve, reject).finally(() => listeners.forEach((remove) => remove()))
  })
}

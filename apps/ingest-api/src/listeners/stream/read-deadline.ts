import type { ListenerLimits } from '../settings.ts'

/**
 * How long a client may take while its connection is read: so long for each message from its first byte to its last, however many bytes come
 * in between, and so long between two messages.
 */
export class ReadDeadline {
  readonly #limits: Pick<ListenerLimits, 'frameMs' | 'idleMs'>
  readonly #onLate: (reason: 'too_slow' | 'idle') => void
  #timer: NodeJS.Timeout | undefined
  /** The message that the deadline is for. */
  #frame: number | undefined

  constructor(
    limits: Pick<ListenerLimits, 'frameMs' | 'idleMs'>,
    onLate: (reason: 'too_slow' | 'idle') => void,
  ) {
    this.#limits = limits
    this.#onLate = onLate
  }

  /** @param frame number of the message that has not come to its end; undefined between two of them */
  follow(frame: number | undefined): void {
    const isRunning = this.#timer !== undefined && frame === this.#frame
    if (isRunning && frame === undefined) this.#timer!.refresh()
    if (isRunning) return
    this.stop()
    this.#frame = frame
    const { frameMs, idleMs } = this.#limits
    this.#timer =
      frame === undefined
        ? setTimeout(this.#onLate, idleMs, 'idle')
        : setTimeout(this.#onLate, frameMs, 'too_slow')
  }

  /** While the connection is not read, no time counts: the next one to follow has all of it. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

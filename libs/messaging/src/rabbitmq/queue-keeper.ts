import { pause } from '@runnel/runtime'
import type { MessagingLog } from '../messaging-log.ts'
import type { StreamSpec } from '../ports.ts'
import { ensureQueue } from './ensure-queue.ts'
import { inspectQueue, replyCodeOf } from './inspect-queue.ts'
import type { Link } from './link.ts'

const RETRY_MS = 250
/**
 * Between the deletion of a queue and its creation. Where both are a few milliseconds apart, RabbitMQ 3.10 cancels no consumer of the
 * old queue and hands the messages of the new one to it, which gets none of them.
 */
const CREATE_AGAIN_AFTER_MS = 1_000
/** Codes that will not pass by themselves: no permission, another connection's exclusive queue, an argument that is refused. */
const REFUSALS = new Set([402, 403, 405, 406, 530, 540])

/** Keeps the queue of one stream in existence: after every connect, and whenever it is found missing. */
export class QueueKeeper {
  readonly #link: Link
  readonly #log: MessagingLog
  #spec: StreamSpec
  #running: Promise<void> | undefined
  #hasExisted = false

  /** @param link that is never used for publishing: a blocked one would not answer */
  constructor(link: Link, spec: StreamSpec, log: MessagingLog) {
    this.#link = link
    this.#spec = spec
    this.#log = log
    link.onUp(() => this.ensureSoon())
  }

  get spec(): StreamSpec {
    return this.#spec
  }

  /** Takes changed limits. The queue keeps those that it was created with; what one message may hold counts at once. */
  use(spec: StreamSpec): this {
    this.#spec = spec
    return this
  }

  /** Ensures in the background; failures are logged. */
  ensureSoon(): void {
    this.ensure().catch((error: unknown) => {
      if (this.#link.closing.aborted) return
      this.#log.error({ stream: this.#spec.stream, err: error }, 'The broker refuses the queue of the stream')
    })
  }

  /**
   * Resolves when the queue exists; waits while the broker is unreachable.
   *
   * @throws when the broker refuses it for good, or when the link is closed
   */
  ensure(): Promise<void> {
    this.#running ??= this.#ensure().finally(() => (this.#running = undefined))
    return this.#running
  }

  async #ensure(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const connection = await this.#link.whenUp()
      if (connection === undefined) throw new Error('The connection to the broker was closed')
      const { stream, queue, maxBytes } = this.#spec
      try {
        if (this.#hasExisted && (await inspectQueue(connection, queue)) === undefined)
          await pause(CREATE_AGAIN_AFTER_MS, this.#link.closing)
        const isNew = await ensureQueue(connection, this.#spec)
        this.#hasExisted = true
        if (isNew) this.#log.info({ stream, queue, maxBytes }, 'Created the queue of the stream')
        else this.#log.debug({ stream, queue }, 'The queue of the stream exists, with limits of its own')
        return
      } catch (error) {
        if (REFUSALS.has(replyCodeOf(error) ?? 0)) throw error
        if (attempt % 20 === 1)
          this.#log.warn(
            { stream, queue, err: error },
            'The queue could not be opened yet; it is tried again',
          )
        await pause(RETRY_MS, this.#link.closing)
      }
    }
  }
}

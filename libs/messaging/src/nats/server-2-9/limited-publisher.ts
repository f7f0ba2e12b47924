import { PublishUnknownError } from '../../publish-errors.ts'
import type { OutgoingMessage } from '../../ports.ts'
import type { PublishRequests } from '../publish-requests.ts'
import type { StreamKeeper } from '../stream-keeper.ts'

/** Ids of messages without a known outcome that are remembered; a caller that waits for one repeats it within seconds. */
const MAX_DOUBTFUL = 10_000

/** Publishes, and keeps the byte limit of the stream where the server does not. */
export class LimitedPublisher {
  readonly #requests: PublishRequests
  readonly #keeperOf: (subject: string) => StreamKeeper | undefined
  readonly #doubtful = new Set<string>()
  #reserving = 0

  constructor(requests: PublishRequests, keeperOf: (subject: string) => StreamKeeper | undefined) {
    this.#requests = requests
    this.#keeperOf = keeperOf
  }

  /** As in the port. */
  publish(message: OutgoingMessage, timeoutMs: number): Promise<void> {
    const keeper = this.#keeperOf(message.subject)
    if (keeper === undefined || keeper.isLimitKeptByServer) return this.#requests.publish(message, timeoutMs)
    return this.#publishWithin(keeper, message, timeoutMs)
  }

  /** Resolves when no publish waits any more. */
  async idle(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs
    while (this.#reserving > 0 && performance.now() < until) await new Promise((done) => setTimeout(done, 5))
    await this.#requests.idle(until - performance.now())
  }

  /** A message that may be stored already is not refused: the broker recognises a repeat, and confirms it. */
  async #publishWithin(keeper: StreamKeeper, message: OutgoingMessage, timeoutMs: number): Promise<void> {
    const { messageId, payload } = message
    if (!this.#doubtful.has(messageId)) {
      this.#reserving++
      await keeper.reserveBytes(payload.length).finally(() => this.#reserving--)
    }
    try {
      await this.#requests.publish(message, timeoutMs)
      this.#doubtful.delete(messageId)
    } catch (error) {
      if (error instanceof PublishUnknownError) this.#doubt(messageId)
      throw error
    }
  }

  #doubt(messageId: string): void {
    this.#doubtful.add(messageId)
    if (this.#doubtful.size <= MAX_DOUBTFUL) return
    const [oldest] = this.#doubtful
    this.#doubtful.delete(oldest!)
  }
}

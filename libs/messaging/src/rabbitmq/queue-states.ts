import { inspectQueue } from './inspect-queue.ts'
import type { Link } from './link.ts'

type QueueState = 'missing' | 'empty' | 'filled' | 'unknown'

/** Why a queue may have refused a message: AMQP's refusals give no reason. One look at a queue serves all that wait for it. */
export class QueueStates {
  readonly #link: Link
  readonly #looking = new Map<string, Promise<QueueState>>()

  constructor(link: Link) {
    this.#link = link
  }

  look(queue: string): Promise<QueueState> {
    const known = this.#looking.get(queue)
    if (known !== undefined) return known
    const looking = this.#inspect(queue).finally(() => this.#looking.delete(queue))
    this.#looking.set(queue, looking)
    return looking
  }

  async #inspect(queue: string): Promise<QueueState> {
    const { connection } = this.#link
    if (connection === undefined) return 'unknown'
    try {
      const found = await inspectQueue(connection, queue)
      if (found === undefined) return 'missing'
      return found.messageCount === 0 ? 'empty' : 'filled'
    } catch {
      return 'unknown'
    }
  }
}

import { createTopology, type Kind } from '@runnel/contracts'
import { connect, type JetStreamManager } from 'nats'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueueView } from './queue-view.ts'

/** The server removes files of a purged stream after its answer. */
const SETTLE_MS = 300

/** The stream of NATS. */
export class StreamView implements QueueView {
  readonly #manager: JetStreamManager
  readonly #stream: string
  readonly #durable: string

  private constructor(manager: JetStreamManager, kind: Kind) {
    const topology = createTopology('')
    this.#manager = manager
    this.#stream = topology.stream(kind)
    this.#durable = topology.durable(kind)
  }

  static async open(stack: AsyncDisposableStack, url: string, kind: Kind): Promise<StreamView> {
    const nc = await connect({ servers: url })
    stack.defer(() => nc.close())
    return new StreamView(await nc.jetstreamManager(), kind)
  }

  /** The files are gone as well. */
  async purge(): Promise<void> {
    await this.#manager.streams.purge(this.#stream)
    await sleep(SETTLE_MS)
  }

  async progress(): Promise<{ waiting: number; unsettled: number }> {
    const info = await this.#manager.consumers.info(this.#stream, this.#durable)
    return { waiting: info.num_pending, unsettled: info.num_pending + info.num_ack_pending }
  }
}

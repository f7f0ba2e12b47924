import { createTopology, type Kind } from '@runnel/contracts'
import { connect, type JetStreamManager } from 'nats'
import { setTimeout as sleep } from 'node:timers/promises'

/** The server removes files of a purged stream after its answer. */
const SETTLE_MS = 300

/** A look at the stream of one kind from outside. */
export class StreamView {
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

  /** Forgets everything, so that the next turn finds the stream as the first one did: the files are gone as well. */
  async purge(): Promise<void> {
    await this.#manager.streams.purge(this.#stream)
    await sleep(SETTLE_MS)
  }

  /** Deliveries since the durable exists, and messages that are not settled yet. */
  async progress(): Promise<{ delivered: number; unsettled: number }> {
    const info = await this.#manager.consumers.info(this.#stream, this.#durable)
    return { delivered: info.delivered.consumer_seq, unsettled: info.num_pending + info.num_ack_pending }
  }
}

import { createTopology, type Kind } from '@runnel/contracts'
import { connect, type ConsumerInfo, type JetStreamManager } from 'nats'
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

  async countWaiting(): Promise<number> {
    return (await this.#info()).num_pending
  }

  async countUnsettled(): Promise<number> {
    const { num_pending, num_ack_pending } = await this.#info()
    return num_pending + num_ack_pending
  }

  #info(): Promise<ConsumerInfo> {
    return this.#manager.consumers.info(this.#stream, this.#durable)
  }
}

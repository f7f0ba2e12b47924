import { createTopology, type Kind } from '@runnel/contracts'
import { connectRabbitmqOnce, type RabbitmqServer } from '@runnel/testing'
import type { Channel } from 'amqplib'
import type { QueueView } from './queue-view.ts'

/** A queue of RabbitMQ. */
export class RabbitmqQueueView implements QueueView {
  readonly #channel: Channel
  readonly #ctl: RabbitmqServer['ctl']
  readonly #queue: string

  private constructor(channel: Channel, ctl: RabbitmqServer['ctl'], queue: string) {
    this.#channel = channel
    this.#ctl = ctl
    this.#queue = queue
  }

  static async open(
    stack: AsyncDisposableStack,
    { url, ctl }: RabbitmqServer,
    kind: Kind,
  ): Promise<RabbitmqQueueView> {
    const connection = await connectRabbitmqOnce(url)
    stack.defer(() => connection.close())
    return new RabbitmqQueueView(await connection.createChannel(), ctl, createTopology('').queue(kind))
  }

  async purge(): Promise<void> {
    await this.#channel.purgeQueue(this.#queue)
  }

  async countWaiting(): Promise<number> {
    return (await this.#channel.checkQueue(this.#queue)).messageCount
  }

  /** AMQP does not report what was delivered and is not settled: the tool is asked, once nothing else is there. */
  async countUnsettled(): Promise<number> {
    const waiting = await this.countWaiting()
    if (waiting > 0) return waiting
    const rows = (await this.#ctl('list_queues', '--no-table-headers', 'name', 'messages')).split('\n')
    const [, messages] = rows.map((row) => row.split('\t')).find(([name]) => name === this.#queue) ?? []
    return Number(messages)
  }
}

import { connectRabbitmqOnce, findRabbitmq, runIf } from '@runnel/testing'
import type { Channel, ChannelModel } from 'amqplib'
import { describe } from '@jest/globals'
import type { Duplex } from 'node:stream'

/** What a test does to a server behind the driver's back. */
export interface RabbitmqAdmin extends AsyncDisposable {
  readonly connection: ChannelModel
  readonly channel: Channel
}

export async function openAdmin(url: string): Promise<RabbitmqAdmin> {
  const connection = await connectRabbitmqOnce(url)
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  return {
    connection,
    channel,
    [Symbol.asyncDispose]: async () => killConnection(connection),
  }
}

/** Ends a connection as the death of its process would: without a word. */
export function killConnection(connection: ChannelModel): void {
  const { stream } = connection.connection as unknown as { stream: Duplex }
  stream.destroy(new Error('The connection was cut'))
}

/** A group of tests that start servers of their own. */
export const describeWithRabbitmq = runIf(
  findRabbitmq() !== undefined,
  describe,
  'rabbitmq-server is not installed',
)

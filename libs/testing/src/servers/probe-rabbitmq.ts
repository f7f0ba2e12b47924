import { connect, type ChannelModel } from 'amqplib'

const TIMEOUT_MS = 2000

/** @throws Error unless a RabbitMQ lets us in */
export async function probeRabbitmq(url: string): Promise<void> {
  const connection = await connectRabbitmqOnce(url)
  await connection.close()
}

/** One try. Errors of the connection reach the caller through what it asks. */
export async function connectRabbitmqOnce(url: string): Promise<ChannelModel> {
  const connection = await connect(url, { timeout: TIMEOUT_MS })
  connection.on('error', () => {})
  return connection
}

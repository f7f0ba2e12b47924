import { createTopology } from '@runnel/contracts'
import { connectRabbitmqOnce } from '@runnel/testing'
import { createItems } from '../metric-items.ts'

/** What the server confirms before more is sent. */
const BURST = 1000

/** Publishes metrics as plain JSON, one a message, as any AMQP client may. */
export async function publishRawAmqp(url: string, count: number): Promise<void> {
  const connection = await connectRabbitmqOnce(url)
  try {
    const channel = await connection.createConfirmChannel()
    const queue = createTopology('').queue('metrics')
    for (let from = 0; from < count; from += BURST) {
      for (const item of createItems(Math.min(BURST, count - from), from))
        channel.sendToQueue(queue, Buffer.from(JSON.stringify(item)), { persistent: true })
      await channel.waitForConfirms()
    }
  } finally {
    await connection.close()
  }
}

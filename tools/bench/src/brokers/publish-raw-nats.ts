import { createTopology } from '@runnel/contracts'
import { connect } from 'nats'
import { createItems } from '../metric-items.ts'

/** What the server has to take in before more is sent: a core publish is not confirmed. */
const BURST = 1000

/**
 * Publishes metrics as plain JSON, one a message, as any NATS client may. That all of them are in the stream shows in the
 * rows that come of it.
 */
export async function publishRawNats(natsUrl: string, count: number): Promise<void> {
  const nc = await connect({ servers: natsUrl })
  try {
    const subject = createTopology('').subject('metrics')
    for (let from = 0; from < count; from += BURST) {
      for (const item of createItems(Math.min(BURST, count - from), from))
        nc.publish(subject, JSON.stringify(item))
      await nc.flush()
    }
  } finally {
    await nc.close()
  }
}

import { createTopology } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import type { RunningPlatform } from '@runnel/testing'
import { randomUUID } from 'node:crypto'

const TIMEOUT_MS = 5000

/** Publishes to the subject of logs as foreign producers do: whatever they like. */
export async function publishRaw({ env }: RunningPlatform, payload: string): Promise<void> {
  const log = createLogger('test', 'silent')
  const broker = await connectBroker(env.NATS_URL, { name: 'test', log })
  try {
    const subject = createTopology(env.SUBJECT_PREFIX).subject('logs')
    const message = { subject, payload: Buffer.from(payload), headers: {}, messageId: randomUUID() }
    await broker.publish(message, TIMEOUT_MS)
  } finally {
    await broker.close()
  }
}

import type { Message } from '@runnel/messaging'

/**
 * Tells the broker that messages are still worked on, three times within each ack wait, until they are released.
 *
 * @returns a function that stops it
 */
export function keepAlive(messages: readonly Message[], ackWaitMs: number): () => void {
  const timer = setInterval(() => {
    for (const message of messages) message.inProgress()
  }, ackWaitMs / 3)
  return () => clearInterval(timer)
}

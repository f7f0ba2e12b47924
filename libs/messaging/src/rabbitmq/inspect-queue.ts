import type { Channel, ChannelModel, Replies } from 'amqplib'
import { withTimeout } from './with-timeout.ts'

const TIMEOUT_MS = 3_000
/** Reply code of AMQP for what does not exist. */
const NOT_FOUND = 404

/**
 * Runs one operation in a channel of its own, for the server answers a refusal by closing the channel.
 *
 * @throws Error of the operation, with the reply code as `code` where the server refused it
 */
export async function inOwnChannel<T>(
  connection: ChannelModel,
  run: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await withTimeout(connection.createChannel(), TIMEOUT_MS, 'Opening a channel')
  let isOpen = true
  channel.on('error', () => undefined)
  channel.on('close', () => (isOpen = false))
  try {
    return await withTimeout(run(channel), TIMEOUT_MS, 'Asking the broker')
  } finally {
    // Not awaited: the answer is here.
    if (isOpen) channel.close().catch(() => undefined)
  }
}

/** Opens a queue passively: nothing about it is changed, and nothing has to agree. @returns undefined where there is none */
export async function inspectQueue(
  connection: ChannelModel,
  queue: string,
): Promise<Replies.AssertQueue | undefined> {
  try {
    return await inOwnChannel(connection, (channel) => channel.checkQueue(queue))
  } catch (error) {
    if (replyCodeOf(error) === NOT_FOUND) return undefined
    throw error
  }
}

/** @returns the reply code with which the server refused an operation; undefined for any other error */
export function replyCodeOf(error: unknown): number | undefined {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'number' ? code : undefined
}

import type { ChannelModel } from 'amqplib'
import type { StreamSpec } from '../ports.ts'
import { inOwnChannel, inspectQueue, replyCodeOf } from './inspect-queue.ts'
import { limitsDeliveries, versionOf } from './server-version.ts'

/** Another process declared the queue with other arguments in between. */
const PRECONDITION_FAILED = 406

/**
 * Creates the queue of a stream where there is none. One that exists is taken as it is, with the type and limits that it has: the
 * server compares every argument of a second declaration with the first, and an argument cannot be changed.
 *
 * @returns whether it was created
 */
export async function ensureQueue(connection: ChannelModel, spec: StreamSpec): Promise<boolean> {
  if ((await inspectQueue(connection, spec.queue)) !== undefined) return false
  try {
    await inOwnChannel(connection, (channel) =>
      channel.assertQueue(spec.queue, {
        durable: true,
        arguments: argumentsOf(spec, versionOf(connection)),
      }),
    )
    return true
  } catch (error) {
    if (replyCodeOf(error) === PRECONDITION_FAILED) return false
    throw error
  }
}

function argumentsOf(spec: StreamSpec, version: string): Record<string, unknown> {
  return {
    'x-queue-type': 'quorum',
    'x-max-length-bytes': spec.maxBytes,
    'x-overflow': 'reject-publish',
    ...(limitsDeliveries(version) && { 'x-delivery-limit': -1 }),
  }
}

import { createTopology, KINDS, type Kind } from '@runnel/contracts'
import type { RabbitmqServer } from '@runnel/testing'
import { connect, type ConfirmChannel } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from './judge-answer.ts'
import { confirmed, unconfirmed, type QueueStates, type RawProducer } from './raw-producer.ts'

const TIMEOUT_MS = 2000
const RECONNECT_MS = 200
const topology = createTopology('')
/** Of the server, since its start; of all protocols and types of queues. */
const COUNT_REDELIVERIES =
  'lists:sum([maps:get(messages_redelivered_total, C, 0) || C <- maps:values(rabbit_global_counters:overview())]).'

/** Publishes under confirms as any AMQP client does: into the queues of Runnel, by the default exchange. */
export async function connectRabbitmqProducer({ url, ctl }: RabbitmqServer): Promise<RawProducer> {
  const closing = new AbortController()
  let channel: ConfirmChannel | undefined
  const keepUp = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        const connection = await connect(url, { timeout: TIMEOUT_MS })
        const { promise: over, resolve } = Promise.withResolvers<void>()
        connection.on('error', () => undefined).on('close', () => resolve())
        closing.signal.addEventListener('abort', () => void connection.close().catch(() => resolve()))
        const opened = await connection.createConfirmChannel()
        // One for each publish that is under way.
        opened.setMaxListeners(0)
        opened.on('error', () => undefined).on('close', () => void connection.close().catch(() => resolve()))
        channel = opened
        await over
      } catch {
        // It is tried again.
      }
      channel = undefined
      await sleep(RECONNECT_MS)
    }
  }
  const ended = keepUp()
  let before = 0
  const countRedeliveries = async () => Number(await ctl('eval', COUNT_REDELIVERIES))
  return {
    publish: (kind, body, messageId, headers = {}) => publish(channel, kind, body, messageId, headers),
    readQueues: async () => ({
      ...(await readQueues(ctl)),
      redeliveries: before + (await countRedeliveries()),
    }),
    beforeKill: async () => void (before += await countRedeliveries()),
    [Symbol.asyncDispose]: async () => {
      closing.abort()
      await ended
    },
  }
}

async function publish(
  channel: ConfirmChannel | undefined,
  kind: Kind,
  body: Uint8Array,
  messageId: string,
  headers: Readonly<Record<string, string>>,
): Promise<Outcome> {
  if (channel === undefined) return unconfirmed(new Error('no connection'))
  try {
    await new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error('timeout')), TIMEOUT_MS).unref()
      const options = {
        messageId,
        headers,
        persistent: true,
        mandatory: true,
        correlationId: crypto.randomUUID(),
      }
      const onReturn = ({ properties }: { readonly properties: { readonly correlationId?: unknown } }) => {
        if (properties.correlationId === options.correlationId) reject(new Error('no queue takes it'))
      }
      channel.on('return', onReturn)
      channel.publish('', topology.queue(kind), Buffer.from(body), options, (error: unknown) => {
        channel.off('return', onReturn)
        if (error) reject(new Error('refused'))
        else resolve()
      })
    })
    return confirmed()
  } catch (error) {
    return unconfirmed(error)
  }
}

async function readQueues(ctl: RabbitmqServer['ctl']): Promise<Omit<QueueStates, 'redeliveries'>> {
  const lines = (
    await ctl('list_queues', '--no-table-headers', 'name', 'messages', 'messages_unacknowledged')
  )
    .split('\n')
    .map((line) => line.split('\t'))
  const rows = KINDS.map((kind) => {
    const [name, messages, unsettled] = lines.find(([queue]) => queue === topology.queue(kind)) ?? []
    if (name === undefined) throw new Error(`There is no queue of ${kind}`)
    return { kind, messages: Number(messages), unsettled: Number(unsettled) }
  })
  return {
    messages: rows.reduce((sum, { messages }) => sum + messages, 0),
    text: rows
      .map(({ kind, messages, unsettled }) => `${kind} ${messages} kept, ${unsettled} unsettled`)
      .join('; '),
  }
}

import { createTopology, KINDS, type Kind } from '@runnel/contracts'
import { connect, headers as natsHeaders, type MsgHdrs, type NatsConnection } from 'nats'
import type { Outcome } from './judge-answer.ts'
import { confirmed, unconfirmed, type QueueStates, type RawProducer } from './raw-producer.ts'

const TIMEOUT_MS = 2000
const RECONNECT_MS = 200
const topology = createTopology('')

/** Publishes to JetStream as any NATS client does. */
export async function connectNatsProducer(url: string): Promise<RawProducer> {
  const nc = await connect({
    ...{ servers: url, name: 'oracle', maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_MS },
    pingInterval: 2000,
  })
  return {
    publish: (kind, body, messageId, headers = {}) => publish(nc, kind, body, messageId, headers),
    readQueues: () => readStreams(nc),
    // Streams keep their counts.
    beforeKill: async () => undefined,
    [Symbol.asyncDispose]: () => nc.close(),
  }
}

async function publish(
  nc: NatsConnection,
  kind: Kind,
  body: Uint8Array,
  msgID: string,
  more: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const headers: MsgHdrs = natsHeaders()
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  try {
    const options = { msgID, timeout: TIMEOUT_MS, headers }
    const { duplicate } = await nc.jetstream().publish(topology.subject(kind), body, options)
    return confirmed(duplicate)
  } catch (error) {
    return unconfirmed(error)
  }
}

/**
 * Each delivery has a number of its own; the first one of a message moves both. A durable that was made anew counts from 0: it was,
 * because something had been delivered and stood still, and it has delivered that again, once at least.
 */
function countRedeliveries(delivered: {
  readonly consumer_seq: number
  readonly stream_seq: number
}): number {
  const again = delivered.consumer_seq - delivered.stream_seq
  return again < 0 ? 1 : again
}

async function readStreams(nc: NatsConnection): Promise<QueueStates> {
  const jsm = await nc.jetstreamManager({ timeout: TIMEOUT_MS })
  let messages = 0
  let redeliveries = 0
  const texts: string[] = []
  for (const kind of KINDS) {
    const stream = await jsm.streams.info(topology.stream(kind))
    const { delivered, num_ack_pending, num_pending } = await jsm.consumers.info(
      topology.stream(kind),
      topology.durable(kind),
    )
    messages += stream.state.messages
    redeliveries += countRedeliveries(delivered)
    texts.push(`${kind} ${stream.state.messages} kept, ${num_pending} waiting, ${num_ack_pending} unsettled`)
  }
  return { messages, redeliveries, text: texts.join('; ') }
}

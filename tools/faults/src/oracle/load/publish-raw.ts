import { createTopology, KINDS, type Kind } from '@runnel/contracts'
import { connect, headers as natsHeaders, type MsgHdrs, type NatsConnection } from 'nats'
import type { SentEvent } from '../event-ledger.ts'
import { createPayload } from '../create-payload.ts'
import { parseEventId } from '../delivery-modes.ts'
import type { Outcome } from './judge-answer.ts'
import { deliver, type Clients } from './deliver.ts'

const TIMEOUT_MS = 2000
const RECONNECT_MS = 200
const topology = createTopology('')

/** A NATS client as any third-party producer uses it. */
export async function connectRaw(url: string): Promise<NatsConnection> {
  return connect({
    ...{ servers: url, name: 'oracle', maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_MS },
    pingInterval: 2000,
  })
}

/** A JetStream publish under a Nats-Msg-Id, again until it is confirmed. */
export async function publishRaw(clients: Clients, nc: NatsConnection, event: SentEvent): Promise<void> {
  const name = parseEventId(clients.ledger.run, event.id)!
  const body = Buffer.from(JSON.stringify(createPayload(event.id, name)))
  await deliver(clients, [event], () => publish(nc, name.kind, body, event.id))
}

/** One attempt. @param more headers beside the message id */
export async function publish(
  nc: NatsConnection,
  kind: Kind,
  body: Uint8Array,
  msgID: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const headers: MsgHdrs = natsHeaders()
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  try {
    const options = { msgID, timeout: TIMEOUT_MS, headers }
    const { duplicate } = await nc.jetstream().publish(topology.subject(kind), body, options)
    return { what: `confirmed${duplicate ? ' duplicate' : ''}`, accepted: 'all', deadLettered: false }
  } catch (error) {
    return { what: `publish: ${(error as Error).message}`, accepted: 'none', deadLettered: false }
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

/** What the streams hold, and how often the broker has delivered something again, at least. @throws where it is away */
export async function readStreamStates(
  nc: NatsConnection,
): Promise<{ readonly messages: number; readonly redeliveries: number; readonly text: string }> {
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

import type { SentEvent } from '../event-ledger.ts'
import type { EventName, ProtocolMode } from '../delivery-modes.ts'
import { PROTOCOL_CLIENTS, toProtocolEvent } from '../protocols/protocol-clients.ts'
import { deliver, repeatOpen, type Clients } from './deliver.ts'
import { describeNoAnswer, type Outcome } from './judge-answer.ts'
import { TIMEOUT_MS } from './post-events.ts'

/** An event that a client of a protocol sends, with its name. */
type NamedEvent = SentEvent & { readonly name: EventName }

/**
 * Sends events as a client of a standard protocol does, and again by the rules of that.
 *
 * @param urls of ingest-api replicas; every attempt goes to the next one
 */
export async function postAsClient(
  clients: Clients,
  urls: readonly string[],
  mode: ProtocolMode,
  events: readonly NamedEvent[],
): Promise<void> {
  const client = PROTOCOL_CLIENTS[mode]
  const first = events[0]!.name.seq
  const send = async (attempt: number, open: readonly NamedEvent[]): Promise<Outcome> => {
    const sent = open.map(({ id, name }) => toProtocolEvent(id, name))
    const url = urls[(first + attempt) % urls.length]!
    try {
      const response = await fetch(url + client.path, {
        ...{ method: 'POST', headers: client.headers, body: client.encode(sent) },
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), clients.ended]),
      })
      const { status, headers } = response
      return client.judge({ status, headers, bytes: Buffer.from(await response.arrayBuffer()) }, sent)
    } catch (error) {
      return describeNoAnswer(error)
    }
  }
  await deliver(clients, events, send, repeatOpen(client.sendsOpenAlone === true))
}

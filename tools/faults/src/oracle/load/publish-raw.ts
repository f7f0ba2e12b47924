import type { SentEvent } from '../event-ledger.ts'
import { createPayload } from '../create-payload.ts'
import { parseEventId } from '../delivery-modes.ts'
import { deliver, type Clients } from './deliver.ts'
import type { RawProducer } from './raw-producer.ts'

/** One message of the broker under an id, again until it is confirmed. */
export async function publishRaw(clients: Clients, producer: RawProducer, event: SentEvent): Promise<void> {
  const name = parseEventId(clients.ledger.run, event.id)!
  const body = Buffer.from(JSON.stringify(createPayload(event.id, name)))
  await deliver(clients, [event], () => producer.publish(name.kind, body, event.id))
}

import { postEvents } from './post-events.ts'
import type { Clients } from './deliver.ts'

/** More than the byte limit of a stream in this run. */
const EVENTS = 110

/** Large logs at once, more than the broker takes while no consumer runs; they are sent again until they are stored. */
export function fillStream(clients: Clients, urls: readonly string[], until: AbortSignal): void {
  for (let number = 0; number < EVENTS && !until.aborted; number++)
    void postEvents(clients, urls, [clients.ledger.add('large', 'logs')])
}

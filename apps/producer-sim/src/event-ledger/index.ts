/** What `verify` and tools/faults share: reading what is stored, and comparing it with what was acknowledged. */
export { balanceEvent, type EventBalance } from './balance-event.ts'
export { canonicalJson } from './canonical-json.ts'
export { readStoredEvents, type StoredEventsQuery, type StoredEventsVisitor } from './read-stored-events.ts'

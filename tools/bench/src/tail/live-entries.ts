import { createEventIds, eventTimeMs, type StoredLogEntry } from '@runnel/contracts'

/** Entries as a service writes them. Their ids show when they were made, to the millisecond. */
export function createLiveEntries(): (count: number) => StoredLogEntry[] {
  const nextId = createEventIds()
  let n = 0
  const next = (): StoredLogEntry => {
    n++
    const occurredAtMs = Date.now()
    const [level, service] = ['info', 'shop']
    const message = `Request completed for order ${n} in ${n % 900} ms from host web-${n % 50}`
    return {
      id: nextId(),
      occurredAtMs,
      level,
      service,
      message,
      data: { level, service, message, attributes: { user: n % 5000, order: n } },
    }
  }
  return (count) => Array.from({ length: count }, next)
}

/** The bytes that query-api sends for an entry. */
export function toEventText({ id, occurredAtMs, data, ...members }: StoredLogEntry): string {
  const [receivedAt, occurredAt] = [eventTimeMs(id), occurredAtMs].map((ms) => new Date(ms).toISOString())
  const entry = { id, receivedAt, occurredAt, ...members, data }
  return `id: ${id}\nevent: log\ndata: ${JSON.stringify(entry)}\n\n`
}

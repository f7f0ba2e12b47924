import type { JsonValue } from '../json-value.ts'

/** A log entry as it was stored. */
export interface StoredLogEntry {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly occurredAtMs: number
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  /** It names a time that could not be read. Notices of older versions do not say so. */
  readonly timeUnread?: boolean
  /** As it was sent. */
  readonly data: JsonValue
}

/**
 * Log entries that were committed just now, redelivered ones too. Sent while a query-api asks for them; see
 * {@link createTopology}. `stored` makes up for what notices lack: it shows how many entries were in notices that got lost, or
 * were too many to be sent.
 */
export interface LogNotice {
  /** Random name of the process that stored them. */
  readonly source: string
  /** Entries that it has stored in its life before these. */
  readonly stored: number
  readonly logs: readonly StoredLogEntry[]
}

import type { JsonValue } from '../json-value.ts'

/** A log entry as it was stored. */
export interface StoredLogEntry {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly occurredAtMs: number
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  /** As it was sent. */
  readonly data: JsonValue
}

/**
 * Log entries that were committed just now, redelivered ones too. Sent while somebody wants to see them; see
 * {@link createTopology}. `stored` makes up for what notices lack: whoever misses one, or reads of entries that were too many
 * to be sent, learns by it how many.
 */
export interface LogNotice {
  /** Random name of the process that stored them. */
  readonly source: string
  /** Entries that it has stored in its life before these. */
  readonly stored: number
  readonly logs: readonly StoredLogEntry[]
}

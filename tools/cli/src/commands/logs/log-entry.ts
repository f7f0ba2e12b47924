import type { JsonValue } from '@runnel/contracts'

/** What the commands show of a log entry, as query-api gives it. */
export interface LogEntry {
  readonly id: string
  readonly occurredAt: string
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  /** As it was sent. */
  readonly data: JsonValue
}

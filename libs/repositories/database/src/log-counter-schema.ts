import type { Generated } from 'kysely'

/** Counts of log entries; see migration 0028. */
export interface LogCounterSchema {
  log_minute_delta: CountedEntries
  log_minute: LogMinuteTable
  log_counted_day: LogCountedDayTable
}

interface CountedEntries {
  /** The midnight before the entries were received. */
  received_at: Date
  /** In which they occurred. */
  minute: Date
  /** As readLevelName gives it. */
  level: string | null
  service: string | null
  entries: number
}

interface LogMinuteTable extends CountedEntries {
  /** Of all levels that are not counted one by one, together. */
  is_other_level: boolean
  /** Of all services that are not counted one by one, together. */
  is_other_service: boolean
}

interface LogCountedDayTable {
  received_at: Date
  /** Every entry that was received on this day is counted. */
  holds: boolean
  /** Those that are counted one by one. */
  services: Generated<string[]>
  levels: Generated<string[]>
  /** There are more of them. */
  other_services: Generated<boolean>
  other_levels: Generated<boolean>
  /** When the counts were last compared with the entries. */
  checked_at: Date | null
}

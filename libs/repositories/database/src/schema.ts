import type { EventForm } from '@runnel/contracts'
import type { Generated } from 'kysely'
import type { AccessSchema } from './access-schema.ts'
import type { DashboardSchema } from './dashboard-schema.ts'
import type { LogCounterSchema } from './log-counter-schema.ts'
import type { MailingSchema } from './mailing-schema.ts'
import type { NotificationSchema } from './notification-schema.ts'
import type { PeopleSchema } from './people-schema.ts'
import type { ProviderSchema } from './provider-schema.ts'
import type { TraceSchema } from './trace-schema.ts'

/** Tables as Kysely sees them. Migrations are the truth; a column is added there and here. */
export interface Schema
  extends
    AccessSchema,
    DashboardSchema,
    LogCounterSchema,
    MailingSchema,
    NotificationSchema,
    PeopleSchema,
    ProviderSchema,
    TraceSchema {
  log: LogTable
  metric: MetricTable
  product: ProductTable
  product_event: ProductEventTable
  product_position: ProductPositionTable
  event_key: EventKeyTable
  dead_letter: DeadLetterTable
  time_mark: TimeMarkTable
}

/** What every event row has: `received_at` is the time inside of `id`, and decides on the day partition. */
interface EventColumns {
  id: string
  received_at: Date
}

interface LogTable extends EventColumns {
  occurred_at: Date
  level: string | null
  service: string | null
  message: string | null
  /** True where the entry names a time that could not be read; else null. */
  time_unread: boolean | null
  /** Sixteen bytes, as a uuid; null in entries from before the migration. */
  trace_id: string | null
  /** The entry as it was sent. */
  data: unknown
}

interface MetricTable extends EventColumns {
  occurred_at: Date
  name: string
  value: number | null
  unit: string | null
  tags: unknown
  /** The member `data` as it was sent. */
  data: unknown
  /** Members beside `data`, as they were sent; null where there were none. */
  extra: unknown
}

interface ProductTable {
  id: number
  /** Hash of manufacturer and name, for products that were created without an id. */
  natural_key: string | null
  name: string
  price: number
  manufacturer: string | null
  attributes: unknown
  /** What its newest event gave, else the milliseconds of that event's position. */
  version: number
  /** Position of the event that it shows, see encodePosition; an event id where an older consumer wrote it. */
  version_event: string
  /** The event that it shows; null, or of an event before that, where an older consumer wrote it. */
  event_id: string | null
  /** The greatest version that a client gave, and the position of the event that gave it. */
  client_version: number | null
  client_version_event: string | null
  /** What its newest event without a version says, while one with a version is shown that came later. */
  unversioned: unknown
  created_at: Generated<Date>
  updated_at: Date
  deleted_at: Date | null
}

interface ProductEventTable extends EventColumns {
  /** Null where the product is recognised by `natural_key`. */
  product_id: number | null
  natural_key: string | null
  op: 'upsert' | 'delete'
  /** The product as it was sent. */
  data: unknown
}

/** Up to where positions were given out, so that none ever lies before one that is known. */
interface ProductPositionTable {
  /** Empty for all streams together: positions that the database gave, and what was there before there were positions. */
  stream: string
  /** Of the stream: another one where it was created again. */
  life: string
  /** From this sequence on, positions of this life lie at this time or later. */
  floor_ms: number
  floor_sequence: number
  /** No position lies beyond it, in milliseconds since 1970. */
  through_ms: number
  /** The greatest sequence when that was written. */
  through_sequence: number
}

interface EventKeyTable {
  kind: string
  /** Hash of kind, operation and key, or of those and the item: see claim-keys.ts. */
  key_hash: string
  /** The event that came first. */
  event_id: string
  /** Hash of the item that the key names; that of the row itself where it names a request. Null in rows before version 0.2. */
  item_hash: string | null
  inserted_at: Generated<Date>
}

interface DeadLetterTable {
  id: Generated<number>
  /** The id that the event has or would have had. */
  source_id: string
  kind: string
  subject: string
  payload: Buffer
  reason: string
  event_key: string | null
  /** What tells it apart from others of its key. */
  event_item: string | null
  /** `upsert` or `delete`, or the word that was sent in place of them. */
  operation: string
  first_failed_at: Date
  last_failed_at: Date
  attempts: number
  /** When it was last published again; null again once it fails again. The row goes when the event is stored. */
  replayed_at: Date | null
  /** An EventForm; null, like the columns below, in letters from before the migration. */
  form: EventForm | null
  /** When the event was first received; `first_failed_at` may be long after it. */
  received_at: Date | null
  /** A BrokerPosition, null where the broker gives none. */
  position_ms: number | null
  position_tie: number | null
  position_index: number | null
}

/** One row, by the name `events`; `shifts` are {@link TimeShift}s with milliseconds since 1970. */
interface TimeMarkTable {
  name: 'events'
  mark_at: Date
  known_at: Date
  boot_id: string | null
  uptime_ms: number
  suspended_by: 'jump' | 'gap' | 'removal' | null
  suspended_at: Date | null
  suspended_ran_ms: number
  lifted: boolean
  shifts: unknown
  due_days: number
}

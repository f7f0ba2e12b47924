import type { EventForm } from '@runnel/contracts'
import type { Generated } from 'kysely'
import type { MailingSchema } from './mailing-schema.ts'
import type { ProviderSchema } from './provider-schema.ts'

/** Tables as Kysely sees them. Migrations are the truth; a column is added there and here. */
export interface Schema extends MailingSchema, ProviderSchema {
  log: LogTable
  metric: MetricTable
  product: ProductTable
  product_event: ProductEventTable
  event_key: EventKeyTable
  dead_letter: DeadLetterTable
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
  version: number
  version_event: string
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

interface EventKeyTable {
  kind: string
  /** First 16 bytes of SHA-256 over kind and key. */
  key_hash: string
  /** The event that came first; others with the key are dropped. */
  event_id: string
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
  operation: 'upsert' | 'delete'
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

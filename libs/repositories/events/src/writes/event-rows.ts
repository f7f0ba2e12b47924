import type {
  BrokerPosition,
  DuplicateEvent,
  EventOperation,
  JsonNumber,
  JsonValue,
  SpanKind,
  SpanStatus,
} from '@runnel/contracts'

/** What the rows of all kinds have. */
export interface EventRow {
  /** UUIDv7: its time is `received_at`. */
  readonly id: string
  /** Idempotency key of the client, as it was sent. */
  readonly key?: string | undefined
  /** What tells it apart from others of its key, see encodeItemIdentity; without it the key alone does. */
  readonly item?: string | undefined
  /** Keys are scoped by it. Default: `upsert`. */
  readonly op?: EventOperation
}

export interface LogRow extends EventRow {
  /** Milliseconds since 1970, like every time below. */
  readonly occurredAtMs: number
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  /** The entry names a time that could not be read: `occurredAtMs` is when it was received. */
  readonly timeUnread?: boolean | undefined
  /** 32 hexadecimal digits in lower case: the trace that it belongs to. */
  readonly traceId?: string | undefined
  readonly data: JsonValue
}

export interface MetricRow extends EventRow {
  readonly occurredAtMs: number
  readonly name: string
  readonly value: number | null
  readonly unit: string | null
  readonly tags: JsonValue
  readonly data: JsonValue
  readonly extra: JsonValue
}

export interface ProductRow extends EventRow {
  /** Where the broker first took it; undefined where the broker gives no positions. */
  readonly position: BrokerPosition | undefined
  readonly op: EventOperation
  /** Null for a product that is recognised by manufacturer and name. */
  readonly productId: number | null
  readonly name: string
  /** With every digit: the column is numeric. */
  readonly price: JsonNumber
  readonly manufacturer: string | null
  readonly attributes: JsonValue
  /** The client's version, else null: then the position alone decides. */
  readonly version: number | null
  readonly data: JsonValue
}

export interface SpanRow extends EventRow {
  /** Milliseconds since 1970 when it began, and what is beyond them in nanoseconds: 0 to 999,999. */
  readonly startedAtMs: number
  readonly startedAtNs: number
  /** Nanoseconds, at least 0. Beyond 2^53 rounded: `data` has all digits. */
  readonly durationNs: number
  /** Hexadecimal digits in lower case, 32 and 16. */
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly service: string
  readonly name: string
  readonly kind: SpanKind
  readonly status: SpanStatus
  readonly data: JsonValue
}

/** What became of a batch. */
export interface StoreResult {
  /** Rows that are new. */
  readonly stored: number
  /** Rows that were there already: the broker delivered them again. */
  readonly repeated: number
  /** Events that were stored before, under the same key; nothing was stored of them. */
  readonly duplicates: readonly DuplicateEvent[]
  /** Events whose key names another event; nothing was stored of them. */
  readonly reused: readonly DuplicateEvent[]
  /** Ids of replayed events under which others are stored; nothing was stored of them. */
  readonly taken: readonly string[]
  /** Ids of product events that do not show in their product: it has a newer state. */
  readonly superseded?: readonly string[]
  /** The products of events that name none, by the id of the event. */
  readonly generatedIds?: ReadonlyMap<string, number>
}

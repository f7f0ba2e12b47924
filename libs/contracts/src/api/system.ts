import { Type, type Static } from 'typebox'
import { Nullable } from './nullable.ts'

const Count = Nullable(Type.Number())

const AppStateSchema = Type.Object({
  name: Type.String(),
  url: Nullable(Type.String({ description: 'Its origin as query-api knows it; null for query-api itself' })),
  status: Type.Union([Type.Literal('ready'), Type.Literal('unready'), Type.Literal('away')]),
  // Not Type.Record, which brings 200 modules of computed types with it.
  failures: Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Checks of its /readyz that fail, with their reasons',
  }),
  notes: Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What people should know though it is ready, e.g. `access`: it is open to other machines',
  }),
  problem: Nullable(Type.String({ description: 'Why it does not answer' })),
  uptimeSeconds: Count,
  memoryBytes: Count,
  nodeVersion: Nullable(Type.String()),
  eventLoopLagSeconds: Count,
  clockOffsetSeconds: Nullable(
    Type.Number({
      description: "By how much its machine's clock is ahead of the database's; negative: behind",
    }),
  ),
})

const ServerStateSchema = Type.Object({
  name: Type.String({ description: 'postgres, broker or redis' }),
  status: Type.Union([Type.Literal('ready'), Type.Literal('away'), Type.Literal('unused')]),
})

const BrokerStateSchema = Type.Object({
  kind: Type.String(),
  pendingMessages: Count,
  unsettledMessages: Count,
  streamMessages: Count,
  streamBytes: Count,
  streamLimitBytes: Count,
  lagSeconds: Nullable(
    Type.Number({ description: 'Age of the oldest event of the last batch when it was stored' }),
  ),
  lagAgeSeconds: Nullable(Type.Number({ description: 'How long ago that batch was stored' })),
  storedEvents: Count,
  deadLetteredEvents: Count,
})

const CacheStateSchema = Type.Object({
  lookups: Type.Number(),
  memoryHits: Type.Number(),
  redisHits: Type.Number(),
  staleHits: Type.Number(),
  failedLoads: Type.Number(),
  hitRatio: Nullable(Type.Number({ description: 'From 0 to 1, since query-api started' })),
  memoryBytes: Count,
})

const SendingStateSchema = Type.Object({
  breaker: Nullable(Type.String({ description: 'State of the circuit breaker in front of the gateway' })),
  stopReason: Nullable(
    Type.String({ description: 'Why nothing is sent: a short code; null: messages go out' }),
  ),
  resumesAt: Nullable(
    Type.String({
      description: 'When the pause of the gateway ends, or its next probe is due; null: messages go out',
    }),
  ),
  openChunks: Count,
  chunkLagSeconds: Count,
  retryLagSeconds: Count,
  sentMessages: Count,
  failedMessages: Count,
})

const RetentionStateSchema = Type.Object({
  suspendedBy: Nullable(
    Type.Union([Type.Literal('jump'), Type.Literal('gap'), Type.Literal('removal')], {
      description: 'Why old events are not removed for now; null: they are',
    }),
  ),
  waitingDays: Type.Number({
    description: 'Days of events that are older than RETENTION_DAYS and still kept',
  }),
  notes: Type.Array(Type.String(), { description: 'Sentences for people; empty where all is as usual' }),
})

/** GET /api/v1/system; what is not known, because an app does not answer, is null. */
export const SystemStateSchema = Type.Object({
  at: Type.String({ description: 'When this was looked up' }),
  apps: Type.Array(AppStateSchema),
  servers: Type.Array(ServerStateSchema, { description: 'What query-api itself can reach' }),
  broker: Type.Array(BrokerStateSchema),
  cache: CacheStateSchema,
  sending: SendingStateSchema,
  retention: Nullable(RetentionStateSchema),
  retentionDays: Nullable(
    Type.Number({ description: 'Days that events are kept: RETENTION_DAYS of the consumer' }),
  ),
  oneProcess: Type.Boolean({
    description:
      'Whether all apps run in one process (npm start): what is said of the process is then the same of each',
  }),
})

export type SystemState = Static<typeof SystemStateSchema>
export type AppState = Static<typeof AppStateSchema>
export type ServerState = Static<typeof ServerStateSchema>
export type BrokerState = Static<typeof BrokerStateSchema>
export type CacheState = Static<typeof CacheStateSchema>
export type RetentionState = Static<typeof RetentionStateSchema>
export type SendingState = Static<typeof SendingStateSchema>

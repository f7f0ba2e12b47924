import { Type } from 'typebox'
import { Nullable } from '../params/schemas.ts'

const Count = Nullable(Type.Number())

const AppSchema = Type.Object({
  name: Type.String(),
  url: Nullable(Type.String({ description: 'Its origin as query-api knows it; null for query-api itself' })),
  status: Type.Union([Type.Literal('ready'), Type.Literal('unready'), Type.Literal('away')]),
  // Not Type.Record, which brings 200 modules of computed types with it.
  failures: Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Checks of its /readyz that fail, with their reasons',
  }),
  problem: Nullable(Type.String({ description: 'Why it does not answer' })),
  uptimeSeconds: Count,
  memoryBytes: Count,
  nodeVersion: Nullable(Type.String()),
  eventLoopLagSeconds: Count,
})

const ServerSchema = Type.Object({
  name: Type.String({ description: 'postgres, broker or redis' }),
  status: Type.Union([Type.Literal('ready'), Type.Literal('away'), Type.Literal('unused')]),
})

const BrokerSchema = Type.Object({
  kind: Type.String(),
  pendingMessages: Count,
  unsettledMessages: Count,
  streamMessages: Count,
  streamBytes: Count,
  streamLimitBytes: Count,
  lagSeconds: Count,
  storedEvents: Count,
  deadLetteredEvents: Count,
})

const CacheSchema = Type.Object({
  lookups: Type.Number(),
  memoryHits: Type.Number(),
  redisHits: Type.Number(),
  staleHits: Type.Number(),
  failedLoads: Type.Number(),
  hitRatio: Nullable(Type.Number({ description: 'From 0 to 1, since query-api started' })),
  memoryBytes: Count,
})

const SendingSchema = Type.Object({
  breaker: Nullable(Type.String({ description: 'State of the circuit breaker in front of the gateway' })),
  openChunks: Count,
  chunkLagSeconds: Count,
  retryLagSeconds: Count,
  sentMessages: Count,
  failedMessages: Count,
})

/** What is not known, because an app does not answer, is null. */
export const SystemSchema = Type.Object({
  at: Type.String({ description: 'When this was looked up' }),
  apps: Type.Array(AppSchema),
  servers: Type.Array(ServerSchema, { description: 'What query-api itself can reach' }),
  broker: Type.Array(BrokerSchema),
  cache: CacheSchema,
  sending: SendingSchema,
})

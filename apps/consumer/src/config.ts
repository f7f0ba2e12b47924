import {
  brokerSettings,
  databaseSettings,
  integer,
  readSettings,
  serviceSettings,
  streamSettings,
  type SettingsOf,
} from '@runnel/runtime'

/** Everything that can be set, with defaults and units. */
export const settings = {
  ...serviceSettings(8082),
  ...brokerSettings,
  ...databaseSettings,
  ...streamSettings,
  DATABASE_POOL_SIZE: integer(8, 'Connections to PostgreSQL that a process may hold', { min: 2, max: 1000 }),
  BATCH_MAX_MESSAGES: integer(500, 'Broker messages that go to PostgreSQL in one batch', { min: 1 }),
  BATCH_MAX_BYTES: integer(1024 ** 2, 'Bytes of broker messages that go to PostgreSQL in one batch', {
    min: 1024,
  }),
  BATCH_LINGER_MS: integer(10, 'Milliseconds that the first message of a batch may wait for others'),
  BATCH_CONCURRENCY: integer(2, 'Batches of a kind that are stored at the same time', { min: 1, max: 64 }),
  RETRY_DELAY_MS: integer(1000, 'Milliseconds between attempts while PostgreSQL is away', { min: 10 }),
  RETENTION_DAYS: integer(30, 'Days that events are kept', { min: 1, max: 3650 }),
  PARTITIONS_AHEAD_DAYS: integer(7, 'Days whose partitions exist in advance', { min: 1, max: 60 }),
  KEY_RETENTION_HOURS: integer(48, 'Hours that an idempotency key is remembered', { min: 1 }),
  MAINTENANCE_INTERVAL_MS: integer(600_000, 'Milliseconds between two looks at partitions and old keys', {
    min: 1000,
  }),
}

export type ConsumerConfig = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ConsumerConfig {
  return readSettings(settings, env)
}

/** Batches, and what maintenance keeps. */
export function optionsOf(
  config: Pick<
    ConsumerConfig,
    | 'BATCH_MAX_MESSAGES'
    | 'BATCH_MAX_BYTES'
    | 'BATCH_LINGER_MS'
    | 'BATCH_CONCURRENCY'
    | 'RETRY_DELAY_MS'
    | 'RETENTION_DAYS'
    | 'PARTITIONS_AHEAD_DAYS'
    | 'KEY_RETENTION_HOURS'
    | 'MAINTENANCE_INTERVAL_MS'
  >,
) {
  return {
    limits: {
      maxMessages: config.BATCH_MAX_MESSAGES,
      maxBytes: config.BATCH_MAX_BYTES,
      lingerMs: config.BATCH_LINGER_MS,
    },
    concurrency: config.BATCH_CONCURRENCY,
    retryDelayMs: config.RETRY_DELAY_MS,
    maintenance: {
      retentionDays: config.RETENTION_DAYS,
      aheadDays: config.PARTITIONS_AHEAD_DAYS,
      keyRetentionHours: config.KEY_RETENTION_HOURS,
      intervalMs: config.MAINTENANCE_INTERVAL_MS,
    },
  }
}

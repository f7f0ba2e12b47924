import {
  brokerSettings,
  keySettings,
  databaseSettings,
  forApp,
  integer,
  poolSize,
  readSettings,
  serviceSettings,
  streamSettings,
  type Environment,
  type SettingsOf,
  workersSetting,
} from '@runnel/runtime'

/** Everything that can be set, with defaults and units. */
export const settings = forApp('consumer', {
  ...serviceSettings('consumer'),
  workers: workersSetting,
  broker: brokerSettings,
  keys: keySettings,
  database: { ...databaseSettings, poolSize: poolSize(8, 2) },
  streams: streamSettings,
  batches: {
    limits: {
      maxMessages: integer('BATCH_MAX_MESSAGES', 500, 'Broker messages that go to PostgreSQL in one batch', {
        min: 1,
      }),
      maxBytes: integer(
        'BATCH_MAX_BYTES',
        1024 ** 2,
        'Bytes of broker messages that go to PostgreSQL in one batch',
        { min: 1024 },
      ),
      lingerMs: integer(
        'BATCH_LINGER_MS',
        10,
        'Milliseconds that the first message of a batch may wait for others',
      ),
    },
    concurrency: integer('BATCH_CONCURRENCY', 2, 'Batches of a kind that are stored at the same time', {
      min: 1,
      max: 64,
    }),
    writtenEventLimitBytes: integer(
      'WRITTEN_EVENT_LIMIT_BYTES',
      2 * 1024 ** 2,
      'Largest event in bytes as PostgreSQL writes it out (1e3 as 1000); larger ones become dead letters',
      { min: 1024 ** 2 },
    ),
    retryDelayMs: integer(
      'RETRY_DELAY_MS',
      1000,
      'Milliseconds between attempts while PostgreSQL is unreachable',
      { min: 10 },
    ),
  },
  maintenance: {
    retentionDays: integer('RETENTION_DAYS', 30, 'Days that events are kept', { min: 1, max: 3650 }),
    aheadDays: integer('PARTITIONS_AHEAD_DAYS', 7, 'Days whose partitions exist in advance', {
      min: 1,
      max: 60,
    }),
    keyRetentionHours: integer('KEY_RETENTION_HOURS', 48, 'Hours that an idempotency key is remembered', {
      min: 1,
    }),
    deadLetters: {
      days: integer(
        'DEAD_LETTER_RETENTION_DAYS',
        90,
        'Days that a dead letter is kept after it last failed',
        {
          min: 1,
          max: 3650,
        },
      ),
      bytes: integer(
        'DEAD_LETTER_RETENTION_BYTES',
        1024 ** 3,
        'Bytes of dead letters that are kept; the oldest are removed beyond that',
        { min: 1024 ** 2 },
      ),
    },
    intervalMs: integer(
      'MAINTENANCE_INTERVAL_MS',
      600_000,
      'Milliseconds between two checks for missing partitions, old keys and old dead letters',
      { min: 1000 },
    ),
  },
})

export type ConsumerConfig = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Environment): ConsumerConfig {
  return readSettings(settings, env)
}

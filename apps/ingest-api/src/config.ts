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
  ...serviceSettings(8080),
  ...brokerSettings,
  ...databaseSettings,
  ...streamSettings,
  BODY_LIMIT_BYTES: integer(5 * 1024 * 1024, 'Largest body in bytes, as received and again after inflating', {
    min: 1024,
    max: 64 * 1024 * 1024,
  }),
  BODIES_LIMIT_BYTES: integer(
    128 * 1024 * 1024,
    'Bytes of bodies above 64 KiB that may be under way at a time',
    {
      min: 1024,
    },
  ),
  EVENT_LIMIT_BYTES: integer(512 * 1024, 'Largest single event in bytes; the broker takes 1 MiB a message', {
    min: 1024,
    max: 900_000,
  }),
  BATCH_LIMIT_ITEMS: integer(10_000, 'Items that one request may hold', { min: 1, max: 100_000 }),
  PUBLISH_DEADLINE_MS: integer(5000, 'Milliseconds a request may try to reach the broker', { min: 100 }),
  STORED_WAIT_MS: integer(5000, 'Milliseconds that ?wait=stored waits for the row', { min: 1 }),
  QUEUE_LIMIT_EVENTS: integer(50_000, 'Events of a kind that may wait for the broker in this process', {
    min: 1,
  }),
  QUEUE_LIMIT_BYTES: integer(64 * 1024 ** 2, 'Bytes of a kind that may wait for the broker in this process', {
    min: 1024,
  }),
}

export type IngestConfig = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): IngestConfig {
  return readSettings(settings, env)
}

/** The limits and deadlines of the routes. */
export function limitsOf(
  config: Pick<
    IngestConfig,
    | 'BODY_LIMIT_BYTES'
    | 'BATCH_LIMIT_ITEMS'
    | 'BODIES_LIMIT_BYTES'
    | 'EVENT_LIMIT_BYTES'
    | 'STORED_WAIT_MS'
    | 'PUBLISH_DEADLINE_MS'
  >,
) {
  return {
    limits: {
      bodyLimitBytes: config.BODY_LIMIT_BYTES,
      batchLimitItems: config.BATCH_LIMIT_ITEMS,
      bodiesLimitBytes: config.BODIES_LIMIT_BYTES,
      eventLimitBytes: config.EVENT_LIMIT_BYTES,
    },
    storedWaitMs: config.STORED_WAIT_MS,
    publishTimeoutMs: config.PUBLISH_DEADLINE_MS,
  }
}

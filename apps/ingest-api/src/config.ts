import {
  brokerSettings,
  keySettings,
  choice,
  databaseSettings,
  forApp,
  integer,
  list,
  pageBytes,
  readSettings,
  serviceSettings,
  streamSettings,
  type Environment,
  type SettingsOf,
  workersSetting,
} from '@runnel/runtime'
import { listenerSettings } from './listeners/settings.ts'

const MAX_NAMES = 100

/** @throws Error that says what was expected */
function parseName(text: string): string {
  if (!/^[!-~]{1,256}$/.test(text)) throw new Error('a name of up to 256 characters without blanks')
  return text
}

/** Everything that can be set, with defaults and units. */
export const settings = forApp('ingest-api', {
  ...serviceSettings('ingest-api'),
  workers: workersSetting,
  broker: brokerSettings,
  keys: keySettings,
  database: databaseSettings,
  streams: streamSettings,
  limits: {
    bodyLimitBytes: integer(
      'BODY_LIMIT_BYTES',
      5 * 1024 * 1024,
      'Largest body in bytes, as received and again after inflating',
      { min: 1024, max: 64 * 1024 * 1024 },
    ),
    bodiesLimitBytes: integer(
      'BODIES_LIMIT_BYTES',
      128 * 1024 * 1024,
      'Bytes of bodies above 64 KiB that may be in memory at a time',
      { min: 1024 },
    ),
    eventLimitBytes: integer(
      'EVENT_LIMIT_BYTES',
      512 * 1024,
      'Largest single event in bytes; the broker takes 1 MiB a message',
      { min: 1024, max: 900_000 },
    ),
    batchLimitItems: integer('BATCH_LIMIT_ITEMS', 10_000, 'Items that one request may hold', {
      min: 1,
      max: 100_000,
    }),
    largeBodyLimitBytes: integer(
      'LARGE_BODY_LIMIT_BYTES',
      32 * 1024 * 1024,
      'The same as BODY_LIMIT_BYTES, for protocols whose clients send a refused body again forever (Prometheus remote write, journald)',
      { min: 1024, max: 64 * 1024 * 1024 },
    ),
    largeBatchLimitItems: integer(
      'LARGE_BATCH_LIMIT_ITEMS',
      100_000,
      'The same as BATCH_LIMIT_ITEMS, for those protocols, and for others whose clients fill batches by bytes and drop what is refused (OTLP, Elasticsearch, Loki, InfluxDB)',
      { min: 1, max: 1_000_000 },
    ),
  },
  formats: {
    cloudEvents: {
      productTypes: list(
        'CLOUD_EVENTS_PRODUCT_TYPES',
        'Types of CloudEvents about products, beside those like com.shop.product.created; with commas between them',
        parseName,
        MAX_NAMES,
      ),
      webhookOrigins: list(
        'CLOUD_EVENTS_WEBHOOK_ORIGINS',
        'Origins (host names) that may deliver CloudEvents as a WebHook, or * for all; with commas between them',
        parseName,
        MAX_NAMES,
      ),
    },
  },
  listeners: listenerSettings,
  pageBytes: pageBytes(),
  keyForm: choice(
    'KEY_FORM',
    'item',
    'How items of a batch with a key are told apart: item, by their text; place, by their place in the batch, while consumers from before version 0.2 run',
    ['item', 'place'],
  ),
  storedWaitMs: integer('STORED_WAIT_MS', 5000, 'Milliseconds that ?wait=stored waits for the row', {
    min: 1,
  }),
  publishing: {
    publishDeadlineMs: integer(
      'PUBLISH_DEADLINE_MS',
      5000,
      'Milliseconds a request may try to reach the broker',
      { min: 100 },
    ),
    maxQueuedEvents: integer(
      'QUEUE_LIMIT_EVENTS',
      200_000,
      'Events of a kind that may wait for the broker in this process',
      { min: 1 },
    ),
    maxQueuedBytes: integer(
      'QUEUE_LIMIT_BYTES',
      64 * 1024 ** 2,
      'Bytes of a kind that may wait for the broker in this process',
      { min: 1024 },
    ),
  },
})

export type IngestConfig = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Environment): IngestConfig {
  return readSettings(settings, env)
}

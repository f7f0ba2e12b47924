import { settings as consumer } from '@runnel/consumer'
import { settings as ingest } from '@runnel/ingest-api'
import { settings as dispatcher } from '@runnel/message-dispatcher'
import { settings as simulator } from '@runnel/producer-sim'
import { settings as query } from '@runnel/query-api'
import { port, readSettings, text, type SettingsOf, type SettingsTable } from '@runnel/runtime'

/** Ports of the apps, as for `npm run dev`. */
const ports = {
  INGEST_API_PORT: port(8080, 'TCP port of ingest-api'),
  QUERY_API_PORT: port(8000, 'TCP port of query-api'),
  MESSAGE_DISPATCHER_PORT: port(8081, 'TCP port of message-dispatcher'),
  CONSUMER_PORT: port(8082, 'TCP port of consumer'),
  PRODUCER_SIM_PORT: port(8083, 'TCP port of producer-sim'),
  GATEWAY_PORT: port(8090, 'TCP port of the fake gateway'),
}

/** What other processes and servers are for. */
const ELSEWHERE = [
  'PORT',
  'NATS_URL',
  'SUBJECT_PREFIX',
  'DATABASE_URL',
  'DATABASE_POOL_SIZE',
  'DATABASE_TIMEOUT_MS',
  'SCAN_POOL_SIZE',
  'LOOKUP_TIMEOUT_MS',
  'SCAN_TIMEOUT_MS',
  'REDIS_URL',
  'INGEST_URL',
  'GATEWAY_URL',
  'MESSAGE_DISPATCHER_URL',
  'CONSUMER_URL',
  'PRODUCER_SIM_URL',
] as const

/** Every setting of every app that makes sense in one process, with the same defaults but for a few. */
export const settings = {
  ...without(ingest, ELSEWHERE),
  ...without(consumer, ELSEWHERE),
  ...without(query, ELSEWHERE),
  ...without(dispatcher, ELSEWHERE),
  ...without(simulator, ELSEWHERE),
  ...ports,
  LOG_LEVEL: { ...ingest.LOG_LEVEL, fallback: 'warn' },
  // Messages are memory of this process here, and what waits for longer than STORED_WAIT_MS was answered 503.
  METRICS_STREAM_BYTES: { ...ingest.METRICS_STREAM_BYTES, fallback: String(64 * 1024 ** 2) },
  LOGS_STREAM_BYTES: { ...ingest.LOGS_STREAM_BYTES, fallback: String(64 * 1024 ** 2) },
  PRODUCTS_STREAM_BYTES: { ...ingest.PRODUCTS_STREAM_BYTES, fallback: String(64 * 1024 ** 2) },
  // Requests wait for their batch here, and there is one connection.
  BATCH_LINGER_MS: { ...consumer.BATCH_LINGER_MS, fallback: '1' },
  BATCH_CONCURRENCY: { ...consumer.BATCH_CONCURRENCY, fallback: '1' },
  RUNNEL_DATA_DIR: text('.runnel', 'Folder of the data of npm start'),
}

export type StandaloneConfig = SettingsOf<typeof settings>

export type PortName = keyof typeof ports

/** @throws ConfigError that names every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): StandaloneConfig {
  return readSettings(settings, env)
}

function without<T extends SettingsTable, K extends string>(table: T, names: readonly K[]): Omit<T, K> {
  const kept = Object.entries(table).filter(([name]) => !names.includes(name as K))
  return Object.fromEntries(kept) as Omit<T, K>
}

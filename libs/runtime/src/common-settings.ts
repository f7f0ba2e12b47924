import { choice, integer, port, text, url } from './setting-types.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** What every app reads. */
export function serviceSettings(defaultPort: number) {
  return {
    HOST: text('127.0.0.1', 'Address to listen on; 0.0.0.0 for every one'),
    PORT: port(defaultPort, 'TCP port to listen on'),
    LOG_LEVEL: choice('info', `Least level that is logged: ${LOG_LEVELS.join(', ')}`, LOG_LEVELS),
    SHUTDOWN_MS: integer(20_000, 'Milliseconds a process may take to drain before it is ended', { min: 1 }),
  }
}

/** What every app that talks to the broker reads. */
export const brokerSettings = {
  NATS_URL: url('nats://127.0.0.1:4222', 'NATS server with JetStream', ['nats', 'tls']),
  SUBJECT_PREFIX: text('', 'Goes before every subject, stream, durable and cache key', {
    pattern: /^[A-Za-z0-9_-]{0,32}$/,
    expected: 'up to 32 letters, digits, _ or -',
  }),
}

/** What every app that talks to PostgreSQL reads. */
export const databaseSettings = {
  DATABASE_URL: url('postgres://127.0.0.1:5432/runnel', 'PostgreSQL 15 or later', ['postgres', 'postgresql']),
  DATABASE_POOL_SIZE: integer(4, 'Connections to PostgreSQL that a process may hold', { min: 1, max: 1000 }),
  DATABASE_TIMEOUT_MS: integer(10_000, 'Milliseconds that one statement may take', { min: 100 }),
}

/** What every app that talks to Redis reads. */
export const redisSettings = {
  REDIS_URL: url('redis://127.0.0.1:6379', 'Redis 7 or later', ['redis', 'rediss']),
}

/** The work-queue streams: every app that ensures them has to be given the same values. */
export const streamSettings = {
  METRICS_STREAM_BYTES: integer(1024 ** 3, 'Bytes of metrics the broker keeps; more are refused', {
    min: 1024,
  }),
  LOGS_STREAM_BYTES: integer(1024 ** 3, 'Bytes of logs the broker keeps; more are refused', {
    min: 1024,
  }),
  PRODUCTS_STREAM_BYTES: integer(256 * 1024 ** 2, 'Bytes of product events the broker keeps', { min: 1024 }),
  ACK_WAIT_MS: integer(30_000, 'Milliseconds after which an unsettled message is delivered again', {
    min: 1000,
  }),
  MAX_IN_FLIGHT: integer(2000, 'Messages of a kind that may be delivered and unsettled at a time', {
    min: 1,
  }),
}

import type { Logger } from '@runnel/observability'
import type { TlsFiles } from '@runnel/runtime'
import { RedisBreaker } from './redis-breaker.ts'
import { REDIS_TIMEOUT_MS } from './cache-limits.ts'
import { createRedisClient, type SentinelLogin } from './create-redis-client.ts'
import { createRedisGuard } from './redis-guard.ts'
import { createRedisTokenBuckets } from './rate/redis-token-buckets.ts'
import type { TokenBuckets } from './rate/token-buckets.ts'
import { createRedisRemote } from './redis-remote.ts'
import type { Remote } from './remote.ts'

/** No command is sent to Redis for this long after one failed. */
const PAUSE_MS = 1000

export interface RedisConnection extends Remote, TokenBuckets {
  /** @returns whether commands would reach Redis at this moment */
  connected(): boolean
  close(): void
}

interface RedisOptions {
  readonly commandTimeoutMs?: number
  /** Whom to trust, and what to show; TLS is asked for by a file, or by `rediss`. */
  readonly files?: TlsFiles
  readonly sentinel?: SentinelLogin
}

/**
 * Connects in the background, again and again: an app starts and continues while Redis is unreachable. With ioredis's
 * defaults a GET would hang for 74 s then.
 *
 * @param url of one server, of sentinels or of a cluster, as `readRedisServers` reads it
 */
export function connectRedis(
  url: string,
  log: Logger,
  { commandTimeoutMs = REDIS_TIMEOUT_MS, files = {}, sentinel }: RedisOptions = {},
): RedisConnection {
  const redis = createRedisClient(url, { commandTimeoutMs, files, sentinel })
  // Without a listener every failed attempt would be printed; the breaker reports outages once.
  redis.on('error', (error: Error) => log.debug({ err: error }, 'redis'))
  redis
    .connect()
    .catch((error: unknown) => log.warn({ err: error }, 'redis is unreachable: continuing without it'))
  const breaker = new RedisBreaker(() => performance.now(), PAUSE_MS)
  const guard = createRedisGuard(breaker, (unreachable, error) => {
    if (unreachable) log.warn({ err: error }, 'redis does not answer: continuing without it')
    else log.info({}, 'redis answers again')
  })
  const parts = { ...createRedisRemote(redis, guard), ...createRedisTokenBuckets(redis, guard) }
  return { ...parts, connected: () => redis.status === 'ready', close: () => redis.disconnect() }
}

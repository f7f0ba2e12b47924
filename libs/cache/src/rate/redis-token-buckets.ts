import type { RedisClient } from '../create-redis-client.ts'
import type { RedisGuard } from '../redis-guard.ts'
import type { TokenBuckets } from './token-buckets.ts'

/**
 * A token bucket that refills by Redis's own clock. One that does not exist is full, so that it may expire once it would
 * be. KEYS bucket. ARGV rate a second, capacity, wanted, least that is worth coming again for. Returns what was granted,
 * and milliseconds until that least is there.
 */
const TAKE = `
local rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted, least = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(capacity, tonumber(bucket[1]) or capacity)
local passed = math.max(0, now - (tonumber(bucket[2]) or now))
tokens = math.min(capacity, tokens + passed * rate / 1000)
local granted = math.min(wanted, math.floor(tokens))
tokens = tokens - granted
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity * 1000 / rate) + 1000)
local missing = math.min(wanted - granted, least)
return {granted, math.max(0, math.ceil((missing - tokens) * 1000 / rate))}
`

interface Scripts {
  runnelTake(
    key: string,
    rate: number,
    capacity: number,
    wanted: number,
    least: number,
  ): Promise<[granted: number, retryInMs: number]>
}

/** Each bucket is one key, on whichever node of a cluster. */
export function createRedisTokenBuckets(redis: RedisClient, guard: RedisGuard): TokenBuckets {
  redis.defineCommand('runnelTake', { numberOfKeys: 1, lua: TAKE })
  const scripts = redis as unknown as Scripts
  return {
    async takeTokens(key, { ratePerSecond, capacity, wanted, least }) {
      const reply = await guard(() => scripts.runnelTake(key, ratePerSecond, capacity, wanted, least))
      return reply && { granted: reply[0], retryInMs: reply[1] }
    },
  }
}

import type { Redis } from 'ioredis'
import type { Guard } from '../redis-guard.ts'
import { TAKE } from './take-script.ts'
import type { TokenBuckets } from './token-buckets.ts'

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
export function createRedisTokenBuckets(redis: Redis, guard: Guard): TokenBuckets {
  redis.defineCommand('runnelTake', { numberOfKeys: 1, lua: TAKE })
  const scripts = redis as unknown as Scripts
  return {
    async takeTokens(key, { ratePerSecond, capacity, wanted, least }) {
      const reply = await guard(() => scripts.runnelTake(key, ratePerSecond, capacity, wanted, least))
      return reply && { granted: reply[0], retryInMs: reply[1] }
    },
  }
}

import { serviceUrls } from '@runnel/testing'
import { Redis } from 'ioredis'

/** Removes all keys of a test. */
export async function cleanRedis(prefix: string): Promise<void> {
  const redis = new Redis(serviceUrls().REDIS_URL)
  const keys = await redis.keys(`${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  redis.disconnect()
}

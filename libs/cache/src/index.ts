export { connectRedis, type RedisConnection } from './connect-redis.ts'
export type { Cache, CacheOptions, Found, Loader } from './cache.ts'
export { createCache } from './layered-cache.ts'
export { toEntry, type Entry, type Loaded } from './entry.ts'
export { createCacheKeys, type CacheKey, type CacheKeys, type Change } from './cache-keys.ts'
export { BRIEF_MS } from './cache-limits.ts'
export {
  createTokenBuckets,
  type TokenBuckets,
  type TokenDemand,
  type TokenGrant,
} from './rate/token-buckets.ts'
export type { Remote } from './remote.ts'

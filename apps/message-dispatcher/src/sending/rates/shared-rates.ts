import type { CacheKeys, TokenBuckets } from '@runnel/cache'
import type { ChannelName } from '@runnel/contracts'
import { LRUCache } from 'lru-cache'
import { RateBucket } from './rate-bucket.ts'
import type { Rates } from './rates.ts'

export interface RatesOptions {
  readonly channel: ChannelName
  /** Limit of everything that is sent through the channel; 0: no limit. */
  readonly ratePerSecond: number
}

export interface RatesDeps {
  readonly buckets: TokenBuckets
  readonly keys: Pick<CacheKeys, 'rate'>
  /** How many replicas share a rate; undefined: not known yet. Used while Redis is unreachable. */
  readonly replicas: () => number | undefined
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

/** Mailings whose tokens are kept; one that is dropped only loses the tokens it took ahead. */
const MAX_MAILINGS = 1000

interface Limit {
  readonly bucket: RateBucket
  ratePerSecond: number
}

/** Token buckets in Redis; while it is unreachable, each replica uses its own part of the rate. */
export function createSharedRates({ channel, ratePerSecond }: RatesOptions, deps: RatesDeps): Rates {
  const { keys, now = () => performance.now() } = deps
  const bucketOf = (name: string) => new RateBucket(keys.rate(name), { ...deps, now })
  const provider: Limit | undefined =
    ratePerSecond > 0 ? { bucket: bucketOf(channel), ratePerSecond } : undefined
  const mailings = new LRUCache<number, Limit>({ max: MAX_MAILINGS })

  function limitOf(mailingId: number, rate: number): Limit {
    const limit = mailings.get(mailingId) ?? { bucket: bucketOf(`mailing:${mailingId}`), ratePerSecond: rate }
    limit.ratePerSecond = rate
    mailings.set(mailingId, limit)
    return limit
  }

  const takeFrom = (limit: Limit | undefined, wanted: number) =>
    limit ? limit.bucket.take(limit.ratePerSecond, wanted) : { granted: wanted, retryInMs: 0 }

  return {
    async take(mailingId, rate, wanted) {
      const limit = rate === null ? undefined : limitOf(mailingId, rate)
      if (rate === null) mailings.delete(mailingId)
      const first = await takeFrom(limit, wanted)
      if (first.granted === 0) return first
      const second = await takeFrom(provider, first.granted)
      limit?.bucket.giveBack(first.granted - second.granted)
      return { granted: second.granted, retryInMs: Math.max(first.retryInMs, second.retryInMs) }
    },
    giveBack(mailingId, count) {
      for (const limit of [mailings.get(mailingId), provider]) limit?.bucket.giveBack(count)
    },
  }
}

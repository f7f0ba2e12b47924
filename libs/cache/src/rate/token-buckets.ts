/** Limits of a bucket, and what to take from it. Limits may differ from one call to the next: the last ones hold. */
interface TokenDemand {
  /** Tokens added per second. */
  readonly ratePerSecond: number
  /** Tokens that it holds at most: the burst. At least 1. */
  readonly capacity: number
  /** Tokens to take, if there are so many. */
  readonly wanted: number
  /** Where there are fewer, the caller comes again once there are so many. */
  readonly least: number
}

interface TokenGrant {
  readonly granted: number
  /** 0 where everything wanted was granted. */
  readonly retryInMs: number
}

/** Buckets of tokens that replicas share. Its methods never throw and never wait long. */
export interface TokenBuckets {
  /** @returns undefined where there is no Redis, or it is unreachable: the caller has to limit itself */
  takeTokens(key: string, demand: TokenDemand): Promise<TokenGrant | undefined>
}

/** @param redis a connection; without it nothing is shared */
export function createTokenBuckets(redis: TokenBuckets | undefined): TokenBuckets {
  return redis ?? { takeTokens: () => Promise.resolve(undefined) }
}

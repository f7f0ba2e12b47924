/** What is asked of a bucket; it may differ from one time to the next, and the last one holds. */
export interface TokenDemand {
  /** Tokens that come in a second. */
  readonly ratePerSecond: number
  /** Tokens that wait at most: the burst. At least 1. */
  readonly capacity: number
  /** Tokens to take, if there are so many. */
  readonly wanted: number
  /** Where there are fewer, it is worth coming again for so many. */
  readonly least: number
}

export interface TokenGrant {
  readonly granted: number
  /** 0 where everything wanted was granted. */
  readonly retryInMs: number
}

/** Buckets of tokens that replicas share. Nothing in here throws or waits for long. */
export interface TokenBuckets {
  /** @returns undefined where there is no Redis, or it is away: the caller has to limit itself */
  takeTokens(key: string, demand: TokenDemand): Promise<TokenGrant | undefined>
}

/** @param redis a connection; without it nothing is shared */
export function createTokenBuckets(redis: TokenBuckets | undefined): TokenBuckets {
  return redis ?? { takeTokens: () => Promise.resolve(undefined) }
}

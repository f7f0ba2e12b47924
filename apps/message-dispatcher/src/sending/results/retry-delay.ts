/** Upper bound of the delay after the first attempt; it doubles with each further one. */
const BASE_MS = 1000

/** Upper bound after any number of attempts, by default. */
export const MAX_RETRY_DELAY_MS = 600_000

export interface RetryDelayOptions {
  /** Upper bound after any number of attempts, in milliseconds. */
  readonly maxMs?: number
  /** The Retry-After of the gateway: no attempt begins earlier. */
  readonly retryAfterMs?: number | undefined
  /** Evenly distributed in [0, 1). */
  readonly random: () => number
}

/**
 * Full jitter: anything from 0 to a bound that doubles with every attempt, so that messages which failed together are not
 * tried again together. Those with the same Retry-After are spread over the second after it.
 *
 * @param attempts made so far, at least 1
 * @returns whole milliseconds until the next attempt
 */
export function retryDelayMs(
  attempts: number,
  { maxMs = MAX_RETRY_DELAY_MS, retryAfterMs, random }: RetryDelayOptions,
): number {
  const bound = Math.min(maxMs, BASE_MS * 2 ** (attempts - 1))
  const share = random()
  const requested = retryAfterMs === undefined ? 0 : retryAfterMs + share * BASE_MS
  return Math.round(Math.max(share * bound, requested))
}

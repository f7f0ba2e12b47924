/** Of a histogram of durations: bucket `i` ends at 1 µs * 2^(i / 2), the last one takes everything beyond 50 minutes. */
const BUCKETS = 64

const FIRST_NS = 1000

/** @returns a histogram without anything in it */
export function emptyDurations(): number[] {
  return new Array<number>(BUCKETS).fill(0)
}

/** @returns the bucket of a duration in nanoseconds */
export function durationBucket(ns: number): number {
  if (ns <= FIRST_NS) return 0
  return Math.min(BUCKETS - 1, Math.ceil(2 * Math.log2(ns / FIRST_NS)))
}

/**
 * A quantile, which lies at most 41 % beside the true one: within a bucket, durations are taken for evenly spread.
 *
 * @param share 0.5 for the median
 * @returns nanoseconds; null where nothing was counted
 */
export function durationQuantile(durations: readonly number[], share: number): number | null {
  const total = durations.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let left = share * total
  for (let i = 0; i < durations.length; i++) {
    const count = durations[i]!
    if (count > 0 && left <= count) {
      const from = i === 0 ? 0 : upperBound(i - 1)
      return from + (upperBound(i) - from) * (left / count)
    }
    left -= count
  }
  return upperBound(durations.length - 1)
}

function upperBound(bucket: number): number {
  return FIRST_NS * 2 ** (bucket / 2)
}

import { isPlausibleTime, parseClockNotice } from '@runnel/contracts'
import { ReferenceClock, SYSTEM_CLOCKS, type ClockSources } from '@runnel/runtime'

/** Notices that stand for the present: those of the last so many milliseconds, in buckets. */
const WINDOW_MS = 35_000
const BUCKET_MS = 5000
/** Notices that differ by more contradict each other: none of them is believed. */
const MAX_SPREAD_MS = 2000
/** By so much the first notice may move the clock; more has to be said again for {@link AGREED_MS}. */
const FIRST_MS = 5 * 60_000
const AGREED_MS = 15_000
/** A wall clock that is further off is not corrected: a person has to look. */
const MAX_CORRECTION_MS = 86_400_000

interface Bucket {
  readonly atMs: number
  lowestMs: number
  highestMs: number
}

/** The database's time at an app without a database. */
export interface NoticedClock {
  /** Milliseconds since 1970, for ids. */
  nowMs(): number
  offsetMs(): number | undefined
  /** Takes a notice of a consumer, or whatever a client of the broker publishes as one. */
  receive(payload: Uint8Array): void
  /** Why ids cannot be given right times; undefined where they can. */
  problem(): string | undefined
}

/**
 * Follows the notices of consumers. A notice is late by some time and never early, so that the highest of those that agree is
 * the best; a lower one is never believed, and between notices the monotonic clock goes on. A client that can publish at the broker can
 * move it: beside a consumer by at most 5 minutes at the start and 2 seconds later, without one by at most a day; and consumers,
 * which know the database's time, give an event from beyond that a new id.
 */
export function createNoticedClock(sources: ClockSources = SYSTEM_CLOCKS): NoticedClock {
  const clock = new ReferenceClock(sources)
  const buckets: Bucket[] = []
  /** What all notices say that the clock is too far off to be corrected by. */
  let beyond: { readonly aheadMs: number; readonly steady: boolean } | undefined

  const receive = (payload: Uint8Array) => {
    const notice = parseClockNotice(payload)
    if (!notice) return
    const atMs = sources.monotonicMs()
    const aheadMs = notice.nowMs - atMs
    record(buckets, atMs, aheadMs)
    const lowestMs = Math.min(...buckets.map((bucket) => bucket.lowestMs))
    const highestMs = Math.max(...buckets.map((bucket) => bucket.highestMs))
    if (highestMs - lowestMs > MAX_SPREAD_MS) return
    const agreed = atMs - buckets[0]!.atMs >= AGREED_MS
    const raisedMs = highestMs + atMs - clock.nowMs()
    const small = clock.known ? raisedMs <= MAX_SPREAD_MS : Math.abs(raisedMs) <= FIRST_MS
    if (!small && !agreed) return
    const correctionMs = highestMs + atMs - sources.wallMs()
    beyond =
      Math.abs(correctionMs) > MAX_CORRECTION_MS ? { aheadMs: highestMs, steady: notice.steady } : undefined
    if (beyond || (clock.known && raisedMs <= 0)) return
    clock.set(highestMs + atMs, atMs)
  }

  return {
    nowMs: clock.nowMs,
    offsetMs: () => (beyond ? sources.wallMs() - beyond.aheadMs - sources.monotonicMs() : clock.offsetMs()),
    receive,
    problem: () => {
      // A database's clock that jumped is no reason to take every replica out of service.
      if (beyond?.steady) {
        return "this machine's clock is more than a day off the database's, which is not corrected: set it right"
      }
      if (!clock.known && !isPlausibleTime(sources.wallMs())) {
        return "this machine's clock is certainly wrong, and no consumer has sent the database's time yet"
      }
      return undefined
    },
  }
}

/** Lowest and highest of each bucket: however many notices come, the memory for them is the same. */
function record(buckets: Bucket[], atMs: number, aheadMs: number): void {
  while (buckets.length > 0 && buckets[0]!.atMs < atMs - WINDOW_MS) buckets.shift()
  const last = buckets.at(-1)
  if (!last || atMs - last.atMs >= BUCKET_MS) {
    buckets.push({ atMs, lowestMs: aheadMs, highestMs: aheadMs })
    return
  }
  last.lowestMs = Math.min(last.lowestMs, aheadMs)
  last.highestMs = Math.max(last.highestMs, aheadMs)
}

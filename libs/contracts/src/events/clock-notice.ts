/** What consumers send to apps that have no database, every 10 seconds and on request. */
export interface ClockNotice {
  /** The time of events: the database's, in milliseconds since 1970. */
  readonly nowMs: number
  /** Whether the database's clock is believed: false once it has jumped, until a person confirms. */
  readonly steady: boolean
}

/** Bytes of a notice. */
const MAX_BYTES = 200
/** Times that a clock may show: from before the first release to the end of the century. */
const EARLIEST_MS = Date.UTC(2020, 0)
const LATEST_MS = Date.UTC(2100, 0)

/** @returns whether a clock may show this time at all */
export function isPlausibleTime(timeMs: number): boolean {
  return timeMs >= EARLIEST_MS && timeMs < LATEST_MS
}

/** @returns undefined where it is malformed, too long, or shows a time that no clock shows */
export function parseClockNotice(payload: Uint8Array): ClockNotice | undefined {
  if (payload.length > MAX_BYTES) return undefined
  try {
    const notice = JSON.parse(Buffer.from(payload).toString('utf8')) as Partial<ClockNotice> | null
    const { nowMs, steady } = notice ?? {}
    if (typeof nowMs !== 'number' || !isPlausibleTime(nowMs) || typeof steady !== 'boolean') return undefined
    return { nowMs, steady }
  } catch {
    // Any client of the broker may publish on the subject.
    return undefined
  }
}

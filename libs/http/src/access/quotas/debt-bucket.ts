const SECOND_MS = 1000

/**
 * So many units a second. What was begun is paid afterwards, whatever it comes to: a batch larger than a second's worth goes
 * through, and what comes after it waits until that is paid off.
 */
export class DebtBucket {
  readonly perSecond: number
  /** When the units of the last second are paid off: monotonic milliseconds. */
  private paidMs = -Infinity

  constructor(perSecond: number) {
    this.perSecond = perSecond
  }

  /** @returns milliseconds until the next may begin; 0: now */
  waitMs(nowMs: number): number {
    return Math.max(0, this.paidMs - nowMs)
  }

  /** @returns units left of this second */
  left(nowMs: number): number {
    const free = 1 - (Math.max(this.paidMs, nowMs - SECOND_MS) - (nowMs - SECOND_MS)) / SECOND_MS
    return Math.max(0, Math.floor(free * this.perSecond))
  }

  take(units: number, nowMs: number): void {
    this.paidMs = Math.max(this.paidMs, nowMs - SECOND_MS) + (units / this.perSecond) * SECOND_MS
  }
}

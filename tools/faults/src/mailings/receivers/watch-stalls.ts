/** How often it is looked whether this process still runs. */
const TICK_MS = 20
/** A gap from here on is a stall. */
const STALL_MS = 100
/** What waited in sockets meanwhile is read within so long: a connection, a head and a body are three turns of the loop. */
const BACKLOG_MS = 500

export interface Stalls extends Disposable {
  /** @returns since when what is read now may have waited to be read: now, or the beginning of a stall that has just ended */
  readableSinceMs(): number
}

/**
 * Notices when this process did not run, for the whole machine stood still or something blocked it: a message that is read
 * afterwards may have come long before.
 *
 * @param nowMs milliseconds since 1970
 */
export function watchStalls(nowMs: () => number = Date.now): Stalls & { tick(): void } {
  let lastMs = nowMs()
  let stall = { fromMs: lastMs, endMs: -Infinity }
  const tick = () => {
    const now = nowMs()
    // One that follows at once is the same: the backlog of the first is not read yet.
    if (now - lastMs >= STALL_MS) stall = { fromMs: isFresh(now) ? stall.fromMs : lastMs, endMs: now }
    lastMs = now
  }
  const isFresh = (now: number) => now - stall.endMs < BACKLOG_MS
  const timer = setInterval(tick, TICK_MS).unref()
  return {
    tick,
    readableSinceMs() {
      tick()
      return isFresh(lastMs) ? stall.fromMs : lastMs
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

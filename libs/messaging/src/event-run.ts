/**
 * Neighbouring events of one call that travel in the same envelope, as one text with commas between them: hundreds of
 * short texts cost more to measure and to keep than to join.
 */
export interface EventRun {
  readonly text: string
  readonly bytes: number
  /** Index, within its call, of the first event. */
  readonly from: number
  readonly count: number
}

export interface RunLimits {
  readonly maxEvents: number
  readonly maxBytes: number
}

/** Cuts the events of a call into runs that fit an envelope each; an event beyond the bytes is a run of its own. */
export function cutRuns(events: readonly string[], limits: RunLimits): EventRun[] {
  const runs: EventRun[] = []
  for (let from = 0; from < events.length;) {
    const run = cutRun(events, from, limits)
    runs.push(run)
    from += run.count
  }
  return runs
}

/** As if characters were bytes, which they nearly always are: to count the bytes of each event costs as much as all the rest. */
function cutRun(events: readonly string[], from: number, { maxEvents, maxBytes }: RunLimits): EventRun {
  const end = Math.min(events.length, from + maxEvents)
  const run = createRun(
    events,
    from,
    findEnd(events, from, end, maxBytes, ({ length }) => length),
  )
  if (run.bytes <= maxBytes || run.count === 1) return run
  return createRun(events, from, findEnd(events, from, end, maxBytes, Buffer.byteLength))
}

/** @returns behind the last event, of one or more, that has room with its comma */
function findEnd(
  events: readonly string[],
  from: number,
  end: number,
  room: number,
  sizeOf: (event: string) => number,
): number {
  let to = from + 1
  for (let size = sizeOf(events[from]!); to < end; to++) {
    size += sizeOf(events[to]!) + 1
    if (size > room) break
  }
  return to
}

function createRun(events: readonly string[], from: number, to: number): EventRun {
  const text = to - from === 1 ? events[from]! : events.slice(from, to).join(',')
  return { text, bytes: Buffer.byteLength(text), from, count: to - from }
}

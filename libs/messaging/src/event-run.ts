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
export function cutRuns(events: readonly string[], { maxEvents, maxBytes }: RunLimits): EventRun[] {
  if (events.length <= maxEvents) {
    const whole = createRun(events, 0, events.length)
    if (whole.bytes <= maxBytes || whole.count === 1) return [whole]
  }
  const runs: EventRun[] = []
  let from = 0
  let bytes = 0
  events.forEach((event, index) => {
    const size = Buffer.byteLength(event) + 1
    if (index > from && (index - from >= maxEvents || bytes + size > maxBytes)) {
      runs.push(createRun(events, from, index))
      from = index
      bytes = 0
    }
    bytes += size
  })
  return [...runs, createRun(events, from, events.length)]
}

function createRun(events: readonly string[], from: number, to: number): EventRun {
  const text = to - from === 1 ? events[from]! : events.slice(from, to).join(',')
  return { text, bytes: Buffer.byteLength(text), from, count: to - from }
}

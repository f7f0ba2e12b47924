import { EncodedEvents } from './encoded-events.ts'

/**
 * Neighbouring events of one call that travel in the same envelope, with commas between them: hundreds of short texts cost more to measure
 * and to keep than to write.
 */
export interface EventRun {
  /** Of several events their bytes, of a single one its text: a buffer for each costs more than it spares. */
  readonly content: string | Buffer
  readonly bytes: number
  /** Index, within its call, of the first event. */
  readonly from: number
  readonly count: number
  /** Has an interest in when the content was copied. */
  readonly source?: EncodedEvents
}

export interface RunLimits {
  readonly maxEvents: number
  readonly maxBytes: number
}

/** Cuts the events of a call into runs that fit an envelope each; an event beyond the bytes is a run of its own. */
export function cutRuns(events: readonly string[] | EncodedEvents, limits: RunLimits): EventRun[] {
  const runs: EventRun[] = []
  for (let from = 0; from < events.length;) {
    const run =
      events instanceof EncodedEvents ? cutBytes(events, from, limits) : cutRun(events, from, limits)
    runs.push(run)
    from += run.count
  }
  if (events instanceof EncodedEvents) events.expectReleases(runs.length)
  return runs
}

function cutBytes(events: EncodedEvents, from: number, { maxEvents, maxBytes }: RunLimits): EventRun {
  const end = Math.min(events.length, from + maxEvents)
  let to = from + 1
  while (to < end && events.bytesOf(from, to + 1) <= maxBytes) to++
  return {
    content: events.slice(from, to),
    bytes: events.bytesOf(from, to),
    from,
    count: to - from,
    source: events,
  }
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
  const count = to - from
  if (count === 1) return { content: events[from]!, bytes: Buffer.byteLength(events[from]!), from, count }
  const content = writeAscii(events, from, to) ?? Buffer.from(events.slice(from, to).join(','))
  return { content, bytes: content.length, from, count }
}

const COMMA = 0x2c

/** Room behind the last event, in bytes: more than a character needs, so that one event that is not ASCII shows. */
const SLACK = 4

/**
 * Each text goes straight to its place: to join them first, and to count the bytes of the whole, takes half as long again.
 *
 * @returns undefined where a character has more than one byte
 */
function writeAscii(events: readonly string[], from: number, to: number): Buffer | undefined {
  let size = to - from - 1
  for (let i = from; i < to; i++) size += events[i]!.length
  const bytes = Buffer.allocUnsafe(size + SLACK)
  for (let i = from, at = 0; i < to; i++) {
    const event = events[i]!
    if (i > from) bytes[at++] = COMMA
    if (bytes.write(event, at) !== event.length) return undefined
    at += event.length
  }
  return bytes.subarray(0, size)
}

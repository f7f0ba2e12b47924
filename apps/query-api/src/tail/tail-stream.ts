import { EventStream, formatEvent } from '@runnel/http'
import type { LogConditions } from '@runnel/repositories-events'
import type { Frame } from './live-log.ts'
import { TailBatch, type QueueLimits } from './tail-batch.ts'

/** Frames of a batch that a client has not got yet. */
interface Segment {
  readonly batch: TailBatch
  from: number
}

/** What has come before a client: it gets none of that. */
export interface TailStart {
  /** Of the next entry, {@link LiveLog.seq}. */
  readonly seq: number
  /** Entries that never came here. */
  readonly missed: number
}

/**
 * The stream of one client. What the client does not take waits here, up to the limits; beyond them the oldest lines are
 * dropped and counted, and the client receives their number before the next line.
 */
export class TailStream extends EventStream {
  readonly conditions: LogConditions
  /** The same for every stream with the same conditions. */
  readonly key: string
  /** The first entry that it wants, by {@link LiveLog.seq}. */
  readonly fromSeq: number
  readonly #limits: QueueLimits
  #segments: Segment[] = []
  #lines = 0
  #bytes = 0
  #dropped = 0
  #missed: number
  #reportedMissed: number

  constructor(conditions: LogConditions, limits: QueueLimits, start: TailStart) {
    super()
    this.conditions = conditions
    this.key = JSON.stringify(conditions)
    this.fromSeq = start.seq
    this.#missed = this.#reportedMissed = start.missed
    this.#limits = limits
  }

  /**
   * @param dropped lines of the same filter that were left out before the batch
   * @param missed entries, of whatever kind, that never came here, since the process follows them
   */
  offer(batch: TailBatch, dropped: number, missed = this.#missed): void {
    this.#dropped += dropped
    this.#missed = missed
    if (batch.frames.length > 0) this.#queue({ batch, from: 0 })
    this.sendWaiting()
  }

  /**
   * Ends a `hold`.
   *
   * @param earlier what has come before; live lines among them are not sent again
   */
  release(earlier: readonly Frame[], dropped: number): void {
    const ids = new Set(earlier.map(({ id }) => id))
    const live = this.#segments.flatMap(({ batch, from }) => batch.frames.slice(from))
    this.#segments = []
    this.#lines = this.#bytes = 0
    this.offer(new TailBatch([...earlier, ...live.filter(({ id }) => !ids.has(id))]), dropped)
    this.endHold()
  }

  #queue(segment: Segment): void {
    this.#segments.push(segment)
    this.#lines += segment.batch.frames.length
    for (const { bytes } of segment.batch.frames) this.#bytes += bytes.length
    while (this.#lines > this.#limits.lines || (this.#bytes > this.#limits.bytes && this.#lines > 1))
      this.#drop()
  }

  #drop(): void {
    const oldest = this.#segments[0]!
    this.#bytes -= oldest.batch.frames[oldest.from]!.bytes.length
    this.#lines--
    this.#dropped++
    oldest.from++
    if (oldest.from === oldest.batch.frames.length) this.#segments.shift()
  }

  protected override takeWaiting(): string | Buffer | undefined {
    const missed = this.#missed - this.#reportedMissed
    if (this.#dropped + missed > 0) {
      const data = { count: this.#dropped, missed }
      this.#dropped = 0
      this.#reportedMissed = this.#missed
      return formatEvent('dropped', JSON.stringify(data))
    }
    const segment = this.#segments[0]
    if (!segment) return undefined
    const { batch, from } = segment
    const { bytes, end } = batch.piece(from)
    this.#bytes -= bytes.length
    this.#lines -= end - from
    segment.from = end
    if (end === batch.frames.length) this.#segments.shift()
    return bytes
  }
}

import { EventStream, formatEvent } from '@runnel/http'
import type { LogConditions } from '@runnel/repositories-events'
import type { Frame } from './live-log.ts'
import { TailBatch, type QueueLimits } from './tail-batch.ts'

/** Frames of a batch that a client has not got yet. */
interface Segment {
  readonly batch: TailBatch
  from: number
}

/**
 * The stream of one client. What the client does not take waits here, up to the limits; beyond them the oldest lines are
 * dropped and counted, and the client receives their number before the next line.
 */
export class TailStream extends EventStream {
  readonly conditions: LogConditions
  /** The same for every stream with the same conditions. */
  readonly key: string
  readonly #limits: QueueLimits
  #segments: Segment[] = []
  #lines = 0
  #bytes = 0
  #dropped = 0
  #missed = 0

  constructor(conditions: LogConditions, limits: QueueLimits) {
    super()
    this.conditions = conditions
    this.key = JSON.stringify(conditions)
    this.#limits = limits
  }

  /**
   * @param dropped lines of the same filter that were left out before the batch
   * @param missed entries, of whatever kind, that never came here
   */
  offer(batch: TailBatch, dropped: number, missed = 0): void {
    this.#dropped += dropped
    this.#missed += missed
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
    if (this.#dropped + this.#missed > 0) {
      const data = { count: this.#dropped, missed: this.#missed }
      this.#dropped = this.#missed = 0
      return formatEvent('dropped', JSON.stringify(data))
    }
    const segment = this.#segments.shift()
    if (!segment) return undefined
    for (const { bytes } of segment.batch.frames.slice(segment.from)) this.#bytes -= bytes.length
    this.#lines -= segment.batch.frames.length - segment.from
    return segment.batch.join(segment.from)
  }
}

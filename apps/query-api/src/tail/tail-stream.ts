import { Readable } from 'node:stream'
import type { Frame } from './live-log.ts'
import { TailBatch, type QueueLimits } from './tail-batch.ts'

/** Frames of a batch that a client has not got yet. */
interface Segment {
  readonly batch: TailBatch
  from: number
}

const HEARTBEAT = Buffer.from(':\n\n')
/** Tells a browser when to come back, and that the stream stands. */
const GREETING = Buffer.from('retry: 2000\n\n')

/**
 * The stream of one client. What the client does not take waits here, up to the limits; beyond them the oldest lines are
 * dropped and counted, and the client is told before the next line that it gets.
 */
export class TailStream extends Readable {
  readonly #limits: QueueLimits
  #segments: Segment[] = []
  #lines = 0
  #bytes = 0
  #dropped = 0
  #missed = 0
  #wanting = false
  #held = false
  #greeted = false
  #ending = false

  constructor(limits: QueueLimits) {
    super()
    this.#limits = limits
  }

  /** Whether the client has taken everything. */
  get idle(): boolean {
    return this.#wanting
  }

  /**
   * @param dropped lines of the same filter that were left out before the batch
   * @param missed entries, of whatever kind, that never came here
   */
  offer(batch: TailBatch, dropped: number, missed = 0): void {
    this.#dropped += dropped
    this.#missed += missed
    if (batch.frames.length > 0) this.#queue({ batch, from: 0 })
    this.#give()
  }

  heartbeat(): void {
    if (this.#wanting && !this.#held) this.#pass(HEARTBEAT)
  }

  /** Nothing is given until `resume`: what has come before is still being read. */
  hold(): void {
    this.#held = true
  }

  /** @param earlier what has come before; live lines among them are not given again */
  release(earlier: readonly Frame[], dropped: number): void {
    const ids = new Set(earlier.map(({ id }) => id))
    const live = this.#segments.flatMap(({ batch, from }) => batch.frames.slice(from))
    this.#segments = []
    this.#lines = this.#bytes = 0
    this.#held = false
    this.offer(new TailBatch([...earlier, ...live.filter(({ id }) => !ids.has(id))]), dropped)
  }

  /** Ends once what waits was taken. */
  finish(): void {
    this.#held = false
    this.#ending = true
    this.#give()
  }

  override _read(): void {
    this.#wanting = true
    this.#give()
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

  /** One piece for each time that the client asks: what it does not take stays here, where it is bounded. */
  #give(): void {
    if (!this.#wanting || this.#held) return
    if (!this.#greeted) {
      this.#greeted = true
      return this.#pass(GREETING)
    }
    if (this.#dropped + this.#missed > 0) {
      const data = { count: this.#dropped, missed: this.#missed }
      this.#dropped = this.#missed = 0
      return this.#pass(Buffer.from(`event: dropped\ndata: ${JSON.stringify(data)}\n\n`))
    }
    const segment = this.#segments.shift()
    if (segment) {
      for (const { bytes } of segment.batch.frames.slice(segment.from)) this.#bytes -= bytes.length
      this.#lines -= segment.batch.frames.length - segment.from
      return this.#pass(segment.batch.join(segment.from))
    }
    if (this.#ending) this.push(null)
  }

  #pass(bytes: Buffer): void {
    this.#wanting = false
    this.push(bytes)
  }
}

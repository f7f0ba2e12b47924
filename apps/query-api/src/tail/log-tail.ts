import type { StoredLogEntry } from '@runnel/contracts'
import { EventStreams } from '@runnel/http'
import { createLogMatcher, type LogConditions } from '@runnel/repositories-events'
import { followLogs, type FollowLogsOptions } from './follow-logs.ts'
import { LiveLog, type Frame } from './live-log.ts'
import { RecentLogs } from './recent-logs.ts'
import { firstThatFits, TailBatch, type QueueLimits } from './tail-batch.ts'
import { TailStream } from './tail-stream.ts'

export interface LogTailOptions extends Omit<FollowLogsOptions, 'onLogs' | 'onMissed'> {
  readonly maxClients: number
  readonly queue: QueueLimits
  /**
   * Entries behind the one with this id, from the database, and how many more there are than are given.
   *
   * @throws AppError
   */
  readonly readAfter: (conditions: LogConditions, id: string) => Promise<{ frames: Frame[]; dropped: number }>
  /** Ends every stream. */
  readonly signal: AbortSignal
}

/**
 * Entries go out together, and what was missed with them: sent at every notice, under high load, hundreds of clients would take the
 * CPU from the consumers (measured: 98k entries/s with none, 14k with 200).
 */
const FLUSH_EVERY_MS = 200
/** Or earlier, when so many have come. */
const FLUSH_AT = 10_000
/** After the last client has left, entries are kept for one that comes back. */
const LINGER_MS = 10_000

/**
 * Log entries as they are stored, for any number of clients up to a limit. The entries come from the consumers, which saw
 * them committed; nothing is read from the database for them, however many clients there are. Clients with the same filter
 * share its matching and its bytes.
 */
export class LogTail {
  readonly #options: LogTailOptions
  readonly #streams: EventStreams<TailStream>
  #recent = new RecentLogs()
  #pending: LiveLog[] = []
  #missed = 0
  #unfollow: (() => void) | undefined
  #flushing: NodeJS.Timeout | undefined
  #lingering: NodeJS.Timeout | undefined

  constructor(options: LogTailOptions) {
    this.#options = options
    this.#streams = new EventStreams({
      ...options,
      subject: 'the logs',
      onEmpty: () => this.#linger(),
      onDrain: () => {
        this.#flush()
        this.#stop()
      },
    })
  }

  /** Clients at this moment. */
  get clients(): number {
    return this.#streams.size
  }

  /**
   * @param lastId the last entry that the client has seen: it goes on behind that, as far as that is known
   * @throws AppError too_busy | shutting_down
   */
  open(conditions: LogConditions, lastId?: string): TailStream {
    const stream = this.#streams.open(() => {
      this.#start()
      // A new client does not receive what has come before it.
      this.#flush()
      return new TailStream(conditions, this.#options.queue)
    })
    if (lastId !== undefined) void this.#catchUp(stream, lastId)
    return stream
  }

  async #catchUp(stream: TailStream, lastId: string): Promise<void> {
    const { conditions } = stream
    const after = this.#recent.after(lastId)
    if (after) {
      const frames = after
        .filter(({ entry }) => createLogMatcher(conditions)(entry))
        .map(({ frame }) => frame)
      return stream.offer(new TailBatch(frames), 0)
    }
    stream.hold()
    try {
      const { frames, dropped } = await this.#options.readAfter(conditions, lastId)
      stream.release(frames, dropped)
    } catch (error) {
      stream.destroy(error as Error)
    }
  }

  #start(): void {
    clearTimeout(this.#lingering)
    this.#lingering = undefined
    if (this.#unfollow) return
    this.#unfollow = followLogs({
      ...this.#options,
      onLogs: (logs) => this.#take(logs),
      onMissed: (count) => void (this.#missed += count),
    })
    this.#flushing = setInterval(() => this.#flush(), FLUSH_EVERY_MS)
  }

  #stop(): void {
    clearTimeout(this.#lingering)
    this.#unfollow?.()
    this.#unfollow = this.#lingering = undefined
    clearInterval(this.#flushing)
    this.#recent = new RecentLogs()
    this.#pending = []
    this.#missed = 0
  }

  #linger(): void {
    if (!this.#unfollow) return
    this.#lingering = setTimeout(() => this.#stop(), LINGER_MS).unref()
  }

  #take(logs: readonly StoredLogEntry[]): void {
    for (const entry of logs) {
      const log = new LiveLog(entry)
      this.#pending.push(log)
      this.#recent.add(log)
    }
    if (this.#pending.length >= FLUSH_AT) this.#flush()
  }

  #flush(): void {
    const [logs, missed] = [this.#pending, this.#missed]
    if (logs.length + missed === 0) return
    this.#pending = []
    this.#missed = 0
    const batches = new Map<string, { batch: TailBatch; dropped: number }>()
    for (const stream of this.#streams) {
      let found = batches.get(stream.key)
      if (!found) batches.set(stream.key, (found = this.#choose(logs, stream.conditions)))
      stream.offer(found.batch, found.dropped, missed)
    }
  }

  /** What matches; only as much of it as a client may have waiting becomes bytes. */
  #choose(logs: readonly LiveLog[], conditions: LogConditions): { batch: TailBatch; dropped: number } {
    const matches = createLogMatcher(conditions)
    const matching = logs.filter(({ entry }) => matches(entry))
    const frames = matching.slice(-this.#options.queue.lines).map(({ frame }) => frame)
    const first = firstThatFits(frames, this.#options.queue)
    return { batch: new TailBatch(frames.slice(first)), dropped: matching.length - frames.length + first }
  }
}

import { AppError, type StoredLogEntry } from '@runnel/contracts'
import { createLogMatcher, type LogConditions } from '@runnel/repositories'
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
 * Entries go out together, and what was missed with them: at every notice of a flood, hundreds of clients would take the
 * machine from those who store (measured: 98k entries/s with none, 14k with 200).
 */
const FLUSH_EVERY_MS = 200
/** Or earlier, when so many have come. */
const FLUSH_AT = 10_000
const HEARTBEAT_EVERY_MS = 15_000
/** A client that takes nothing for two to three heartbeats is gone. */
const MAX_STALLED_BEATS = 2
/** After the last client has left, entries are kept for one that comes back. */
const LINGER_MS = 10_000

interface Client {
  readonly stream: TailStream
  readonly key: string
  readonly conditions: LogConditions
  stalledBeats: number
}

/**
 * Log entries as they are stored, for any number of clients up to a limit. The entries come from the consumers, which saw
 * them committed; nothing is read from the database for them, however many clients there are. Clients with the same filter
 * share its matching and its bytes.
 */
export class LogTail {
  readonly #options: LogTailOptions
  readonly #clients = new Set<Client>()
  #recent = new RecentLogs()
  #pending: LiveLog[] = []
  #missed = 0
  #unfollow: (() => void) | undefined
  #timers: NodeJS.Timeout[] = []
  #lingering: NodeJS.Timeout | undefined

  constructor(options: LogTailOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => this.#close(), { once: true })
  }

  /** Clients at this moment. */
  get clients(): number {
    return this.#clients.size
  }

  /**
   * @param lastId the last entry that the client has seen: it goes on behind that, as far as that is known
   * @throws AppError too_busy | shutting_down
   */
  open(conditions: LogConditions, lastId?: string): TailStream {
    const { signal, maxClients, queue } = this.#options
    if (signal.aborted)
      throw new AppError('shutting_down', 'The server is shutting down', { retryAfterMs: 1000 })
    if (this.#clients.size >= maxClients) {
      throw new AppError('too_busy', `${maxClients} clients follow the logs already`, { retryAfterMs: 5000 })
    }
    this.#start()
    // What has come is not for those who come now.
    this.#flush()
    const stream = new TailStream(queue)
    const client = { stream, conditions, key: JSON.stringify(conditions), stalledBeats: 0 }
    this.#clients.add(client)
    stream.once('close', () => this.#leave(client))
    if (lastId !== undefined) void this.#catchUp(client, lastId)
    return stream
  }

  async #catchUp({ stream, conditions }: Client, lastId: string): Promise<void> {
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
    this.#timers = [
      setInterval(() => this.#flush(), FLUSH_EVERY_MS),
      setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS),
    ]
  }

  #stop(): void {
    clearTimeout(this.#lingering)
    this.#unfollow?.()
    this.#unfollow = this.#lingering = undefined
    for (const timer of this.#timers) clearInterval(timer)
    this.#recent = new RecentLogs()
    this.#pending = []
    this.#missed = 0
  }

  #leave(client: Client): void {
    this.#clients.delete(client)
    if (this.#clients.size > 0 || !this.#unfollow) return
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
    for (const { stream, key, conditions } of this.#clients) {
      let found = batches.get(key)
      if (!found) batches.set(key, (found = this.#choose(logs, conditions)))
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

  #beat(): void {
    for (const client of this.#clients) {
      client.stalledBeats = client.stream.idle ? 0 : client.stalledBeats + 1
      if (client.stalledBeats > MAX_STALLED_BEATS) client.stream.destroy()
      else client.stream.heartbeat()
    }
  }

  #close(): void {
    this.#flush()
    for (const { stream } of this.#clients) stream.finish()
    this.#stop()
  }
}

import type { StoredLogEntry } from '@runnel/contracts'
import { EventStreams, type FairShare } from '@runnel/http'
import type { LogConditions } from '@runnel/repositories-events'
import { compareLogs } from './compare-logs.ts'
import { FilterGroup } from './filter-group.ts'
import { followLogs, type FollowLogsOptions } from './follow-logs.ts'
import { LiveLog, type Frame } from './live-log.ts'
import { PendingLogs } from './pending-logs.ts'
import { RecentLogs } from './recent-logs.ts'
import { SliceLane } from './slice-lane.ts'
import type { QueueLimits } from './tail-batch.ts'
import { TailStream } from './tail-stream.ts'

export interface LogTailOptions extends Omit<FollowLogsOptions, 'onLogs' | 'onMissed'> {
  /** Of as many permits as clients may follow. */
  readonly share: FairShare
  readonly queue: QueueLimits
  /** Bytes of entries that may wait for being compared with the filters. */
  readonly backlogBytes: number
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
/** Entries, and bytes of them, that are compared before clients get what matches: comparing takes time with many filters. */
const ROUND_LOGS = 10_000
const ROUND_BYTES = 4 * 1024 ** 2
/** After the last client has left, entries are kept for one that comes back. */
const LINGER_MS = 10_000

/**
 * Log entries as they are stored, for any number of clients up to a limit. The entries come from the consumers, which saw
 * them committed; nothing is read from the database for them, however many clients there are. Clients with the same filter
 * share its matching and its bytes; the work is done in slices, and where it does not keep up, entries count as missed.
 */
export class LogTail {
  readonly #options: LogTailOptions
  readonly #streams: EventStreams<TailStream>
  readonly #pending: PendingLogs
  readonly #lane = new SliceLane()
  #recent = new RecentLogs()
  #nextSeq = 0
  #missed = 0
  #reportedMissed = 0
  #comparing = false
  #unfollow: (() => void) | undefined
  #flushing: NodeJS.Timeout | undefined
  #lingering: NodeJS.Timeout | undefined

  constructor(options: LogTailOptions) {
    this.#options = options
    this.#pending = new PendingLogs(options.backlogBytes)
    this.#streams = new EventStreams({
      ...options,
      onEmpty: () => this.#linger(),
      onDrain: () => {
        // As far as that takes no longer than a slice; a client that comes back gets the rest elsewhere, by its last id.
        this.#flush()
        this.#stop()
      },
    })
  }

  /** Clients at this moment. */
  get clients(): number {
    return this.#streams.size
  }

  /** Bytes of entries that wait for being compared with the filters. */
  get backlogBytes(): number {
    return this.#pending.bytes
  }

  /**
   * @param peer of the client
   * @param lastId the last entry that the client has seen: it goes on behind that, as far as that is known
   * @throws AppError too_busy | too_many_requests_of_peer | shutting_down
   */
  open(peer: string, conditions: LogConditions, lastId?: string): TailStream {
    const stream = this.#streams.open(peer, () => {
      this.#start()
      // A new client does not receive what has come before it.
      return new TailStream(conditions, this.#options.queue, { seq: this.#nextSeq, missed: this.#missed })
    })
    if (lastId !== undefined) void this.#catchUp(stream, lastId)
    return stream
  }

  async #catchUp(stream: TailStream, lastId: string): Promise<void> {
    stream.hold()
    try {
      const { frames, dropped } =
        (await this.#findRecent(stream, lastId)) ?? (await this.#options.readAfter(stream.conditions, lastId))
      stream.release(frames, dropped)
    } catch (error) {
      stream.destroy(error as Error)
    }
  }

  /** @returns undefined where the entries behind the last one are not known here */
  async #findRecent(stream: TailStream, lastId: string) {
    const group = new FilterGroup(stream.conditions, this.#options.queue, 0)
    let isKnown = false
    await this.#lane.run(() => {
      const after = this.#recent.after(lastId)?.filter(({ seq }) => seq < stream.fromSeq)
      isKnown = after !== undefined
      return compareLogs(stream.destroyed ? [] : (after ?? []), [group])
    })
    if (!isKnown) return undefined
    const { batch, dropped } = group.result()
    return { frames: batch.frames, dropped }
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
    this.#pending.clear()
  }

  #linger(): void {
    if (!this.#unfollow) return
    this.#lingering = setTimeout(() => this.#stop(), LINGER_MS).unref()
  }

  #take(logs: readonly StoredLogEntry[]): void {
    for (const entry of logs) {
      const log = new LiveLog(entry, this.#nextSeq++)
      if (!this.#pending.add(log)) this.#missed++
      this.#recent.add(log)
    }
    if (this.#pending.count >= FLUSH_AT) this.#flush()
  }

  #flush(): void {
    if (this.#comparing || (this.#pending.count === 0 && this.#missed === this.#reportedMissed)) return
    this.#comparing = true
    void this.#lane.run(() => this.#compare()).finally(() => (this.#comparing = false))
  }

  /** One round after the other, until nothing waits. */
  *#compare(): Generator<void, void> {
    do {
      const logs = this.#pending.take(ROUND_LOGS, ROUND_BYTES)
      const groups = this.#groupStreams(logs)
      yield* compareLogs(logs, groups)
      this.#reportedMissed = this.#missed
      for (const group of groups) group.offer(this.#missed)
    } while (this.#pending.count > 0)
  }

  /** Clients that see the same of these entries: with the same filter, and the same beginning if that is among them. */
  #groupStreams(logs: readonly LiveLog[]): FilterGroup[] {
    const first = logs[0]?.seq ?? 0
    const groups = new Map<string, FilterGroup>()
    for (const stream of this.#streams) {
      const fromSeq = Math.max(first, stream.fromSeq)
      const key = `${fromSeq} ${stream.key}`
      let group = groups.get(key)
      if (!group) groups.set(key, (group = new FilterGroup(stream.conditions, this.#options.queue, fromSeq)))
      group.join(stream)
    }
    return [...groups.values()]
  }
}

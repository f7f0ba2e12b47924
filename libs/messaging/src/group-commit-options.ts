import type { EncodedEvents } from './encoded-events.ts'
import type { SubmitResult } from './group-envelope.ts'
import type { Publisher } from './ports.ts'

export interface GroupCommitLimits {
  /** Events and bytes at which an envelope is full. */
  readonly maxEvents: number
  readonly maxBytes: number
  /** How long an envelope may collect while others are in flight. */
  readonly maxDelayMs: number
  /** Envelopes that may wait for their confirmation at a time. */
  readonly maxInFlight: number
  /** What may wait behind them. */
  readonly maxQueuedEvents: number
  readonly maxQueuedBytes: number
  /** An event beyond this is refused; stay below the broker's largest message. */
  readonly maxEventBytes: number
  readonly publishDeadlineMs: number
  /** How long one attempt to publish may take before it is repeated under the same id. */
  readonly attemptTimeoutMs: number
  /** For how long the broker may be unreachable before events are refused at once. */
  readonly maxUnreachableMs: number
}

export const GROUP_COMMIT_LIMITS: GroupCommitLimits = {
  maxEvents: 500,
  maxBytes: 400_000,
  maxDelayMs: 3,
  maxInFlight: 4,
  maxQueuedEvents: 50_000,
  maxQueuedBytes: 32_000_000,
  maxEventBytes: 900_000,
  publishDeadlineMs: 5_000,
  attemptTimeoutMs: 1_000,
  maxUnreachableMs: 1_000,
}

export interface GroupCommitOptions {
  readonly publisher: Publisher
  readonly subject: string
  /** A fresh id for every envelope. */
  readonly nextMessageId: () => string
  /** Subject to which the consumer reports what was stored. */
  readonly replyTo?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly limits?: Partial<GroupCommitLimits>
  /** Milliseconds, monotonic. */
  readonly now?: () => number
}

export interface GroupCommitStats {
  readonly queuedEvents: number
  readonly queuedBytes: number
  readonly inFlight: number
  /** Since the start: envelopes that were confirmed, their events, and attempts beyond the first. */
  readonly published: number
  readonly publishedEvents: number
  readonly republished: number
  readonly refused: number
}

export interface GroupCommit {
  /**
   * Resolves once the broker keeps all events.
   *
   * @param events texts of `encodeEvent`, or the bytes of many
   * @param deadlineMs how long the caller waits at most
   * @throws AppError shutting_down | body_too_large | too_busy | backlog_full | broker_unavailable (the events may be
   * stored or not), or partly_accepted with `extra.accepted`, the indices of the events that are stored for sure
   */
  submit(events: readonly string[] | EncodedEvents, deadlineMs?: number): Promise<SubmitResult>
  stats(): GroupCommitStats
  /** Refuses new events, publishes those that wait, and resolves when every caller has its answer. */
  close(): Promise<void>
}

import { AppError, HEADERS } from '@runnel/contracts'
import { pause } from '@runnel/runtime'
import { batchBuffers } from './batch-buffers.ts'
import { PublishRefusedError } from './publish-errors.ts'
import type { EncodedEvents } from './encoded-events.ts'
import { cutRuns, type EventRun, type RunLimits } from './event-run.ts'
import {
  GROUP_COMMIT_LIMITS,
  type GroupCommit,
  type GroupCommitLimits,
  type GroupCommitOptions,
  type GroupCommitStats,
} from './group-commit-options.ts'
import { brokerUnavailable, GroupEnvelope, Submission, type SubmitResult } from './group-envelope.ts'
import type { OutgoingMessage } from './ports.ts'

const SWEEP_MS = 50
const RETRY_AFTER_MS = 1_000
/** A disk is emptied by people. */
const DISK_RETRY_AFTER_MS = 10_000
const FIRST_BACKOFF_MS = 20
const MAX_BACKOFF_MS = 250

/**
 * Publishes the events of concurrent callers in common envelopes and answers all of them on its confirmation: one
 * JetStream message per event would cost two thirds of the throughput.
 *
 * Measured behind Fastify, 64 connections, one event per request, nats-server 2.9 with file storage, load, server and
 * broker on two cores: 54-65k requests/s undisturbed, where no broker at all gives 51-56k; 35-56k with other work on the
 * machine. One, two or four envelopes in flight, and a flush in a microtask instead of at the end of the turn, differ by
 * less than such runs do.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  return new Committer(options)
}

class Committer implements GroupCommit {
  readonly #options: GroupCommitOptions
  readonly #limits: GroupCommitLimits
  readonly #runLimits: RunLimits
  readonly #now: () => number
  /** Collects; undefined while nothing waits. */
  #open: GroupEnvelope | undefined
  /** Full ones that wait for a slot. */
  #ready: GroupEnvelope[] = []
  readonly #flying = new Set<GroupEnvelope>()
  #queuedEvents = 0
  #queuedBytes = 0
  /** Of the open envelope: runs while others are in flight. */
  #delay: NodeJS.Timeout | undefined
  #due = false
  #flushing = false
  readonly #sweeper: NodeJS.Timeout
  readonly #closing = Promise.withResolvers<void>()
  #isClosing = false
  #counts = { published: 0, publishedEvents: 0, republished: 0, refused: 0 }

  constructor(options: GroupCommitOptions) {
    this.#options = options
    this.#limits = { ...GROUP_COMMIT_LIMITS, ...options.limits }
    const { maxEvents, maxBytes, maxEventBytes } = this.#limits
    this.#runLimits = { maxEvents, maxBytes: Math.min(maxBytes, maxEventBytes) }
    this.#now = options.now ?? (() => performance.now())
    // One timer for all deadlines; it keeps no process alive.
    this.#sweeper = setInterval(() => this.#expire(), SWEEP_MS).unref()
  }

  submit(
    events: readonly string[] | EncodedEvents,
    deadlineMs = this.#limits.publishDeadlineMs,
  ): Promise<SubmitResult> {
    return new Promise((resolve, reject) => {
      if (events.length === 0) return resolve({ accepted: 0 })
      const runs = cutRuns(events, this.#runLimits)
      const bytes = runs.reduce((sum, run) => sum + run.bytes, 0)
      const refusal = this.#findTooLarge(runs) ?? this.#refusalOf(events.length, bytes)
      if (refusal !== undefined) return reject(refusal)
      this.#admit(runs, new Submission(events.length, this.#now() + deadlineMs, resolve, reject))
    })
  }

  stats(): GroupCommitStats {
    return {
      queuedEvents: this.#queuedEvents,
      queuedBytes: this.#queuedBytes,
      inFlight: this.#flying.size,
      ...this.#counts,
    }
  }

  close(): Promise<void> {
    this.#isClosing = true
    this.#due = true
    this.#pump()
    return this.#closing.promise
  }

  #refusalOf(events: number, bytes: number): AppError | undefined {
    const { maxUnreachableMs, maxQueuedEvents, maxQueuedBytes } = this.#limits
    if (this.#isClosing) {
      return new AppError('shutting_down', 'The service is shutting down', { retryAfterMs: RETRY_AFTER_MS })
    }
    if (this.#options.publisher.unreachableMs() > maxUnreachableMs) {
      return new AppError('broker_unavailable', 'The broker is unreachable', { retryAfterMs: RETRY_AFTER_MS })
    }
    const isFull = this.#queuedEvents + events > maxQueuedEvents || this.#queuedBytes + bytes > maxQueuedBytes
    // A batch larger than the whole queue passes when it is alone: the limit on bodies bounds it.
    if (!isFull || this.#queuedEvents === 0) return undefined
    return new AppError('too_busy', 'Too many events wait to be published', { retryAfterMs: RETRY_AFTER_MS })
  }

  /** Only an event that travels alone can be too large. */
  #findTooLarge(runs: readonly EventRun[]): AppError | undefined {
    const { maxEventBytes } = this.#limits
    const tooLarge = runs.find((run) => run.bytes > maxEventBytes)
    return tooLarge && describeTooLarge(tooLarge.from, maxEventBytes)
  }

  #admit(runs: readonly EventRun[], submit: Submission): void {
    const { maxEvents, maxBytes } = this.#limits
    for (const run of runs) {
      this.#queuedEvents += run.count
      this.#queuedBytes += run.bytes
      if (this.#open !== undefined && !this.#open.hasRoomFor(run, this.#limits)) this.#seal(this.#open)
      const open = (this.#open ??= new GroupEnvelope())
      open.add(run, submit)
      if (open.count >= maxEvents || open.bytes >= maxBytes) this.#seal(open)
    }
    if (this.#ready.length > 0) this.#pump()
    if (this.#open !== undefined) this.#schedule()
  }

  /** Nothing in flight: at the end of this turn of the event loop. Otherwise: after the delay. */
  #schedule(): void {
    if (this.#flying.size > 0) {
      this.#delay ??= setTimeout(() => {
        this.#due = true
        this.#pump()
      }, this.#limits.maxDelayMs)
    } else if (!this.#flushing) {
      this.#flushing = true
      setImmediate(() => {
        this.#flushing = false
        this.#pump()
      })
    }
  }

  #seal(envelope: GroupEnvelope): void {
    this.#open = undefined
    this.#due = this.#isClosing
    clearTimeout(this.#delay)
    this.#delay = undefined
    this.#ready.push(envelope)
  }

  /** Publishes whatever may go now. */
  #pump(): void {
    const { maxInFlight } = this.#limits
    while (this.#flying.size < maxInFlight) {
      if (this.#ready.length === 0 && this.#open !== undefined && (this.#due || this.#flying.size === 0)) {
        this.#seal(this.#open)
      }
      const envelope = this.#ready.shift()
      if (envelope === undefined) break
      this.#queuedEvents -= envelope.count
      this.#queuedBytes -= envelope.bytes
      this.#flying.add(envelope)
      void this.#deliver(envelope)
    }
    if (this.#isClosing && this.#flying.size === 0 && this.#open === undefined) {
      clearInterval(this.#sweeper)
      this.#closing.resolve()
    }
  }

  async #deliver(envelope: GroupEnvelope): Promise<void> {
    const failure = await this.#publish(envelope)
    this.#flying.delete(envelope)
    if (failure === undefined) {
      this.#counts.published++
      this.#counts.publishedEvents += envelope.count
      envelope.confirm()
    } else {
      this.#counts.refused++
      envelope.fail(failure)
    }
    this.#pump()
  }

  /** Repeats the same bytes under the same id while the outcome is unknown. @returns why it failed */
  async #publish(envelope: GroupEnvelope): Promise<AppError | undefined> {
    const message = this.#messageOf(envelope)
    let isFirst = true
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS)) {
      try {
        const leftMs = Math.ceil(envelope.deadline - this.#now())
        await this.#options.publisher.publish(
          message,
          Math.max(1, Math.min(leftMs, this.#limits.attemptTimeoutMs)),
        )
        // An attempt without a confirmation may still be on its way.
        if (isFirst && this.#options.publisher.copiesPayload) batchBuffers.release(message.payload)
        return undefined
      } catch (error) {
        if (error instanceof PublishRefusedError) return refusalOf(error)
        if (this.#now() + backoffMs >= envelope.deadline) return brokerUnavailable(error)
      }
      isFirst = false
      await pause(backoffMs)
      this.#counts.republished++
    }
  }

  #messageOf(envelope: GroupEnvelope): OutgoingMessage {
    const { subject, replyTo, nextMessageId } = this.#options
    const headers: Record<string, string> = {
      [HEADERS.envelope]: '1',
      [HEADERS.count]: `${envelope.count}`,
      ...(replyTo !== undefined && { [HEADERS.replyTo]: replyTo }),
      ...this.#options.headers,
    }
    return {
      subject,
      payload: envelope.encode(),
      headers,
      messageId: nextMessageId(),
    }
  }

  #expire(): void {
    const now = this.#now()
    for (const envelope of this.#flying) envelope.expire(now)
    this.#open?.expire(now)
    // No caller waits for these any more, and they were never sent.
    const dropped = this.#ready.filter((envelope) => !envelope.expire(now))
    if (dropped.length === 0) return
    for (const envelope of dropped) {
      this.#queuedEvents -= envelope.count
      this.#queuedBytes -= envelope.bytes
    }
    this.#ready = this.#ready.filter((envelope) => !dropped.includes(envelope))
    this.#pump()
  }
}

function describeTooLarge(index: number, maxEventBytes: number): AppError {
  return new AppError('body_too_large', 'The event is larger than the broker takes', {
    expected: `at most ${maxEventBytes} bytes`,
    extra: { index },
  })
}

function refusalOf(error: PublishRefusedError): AppError {
  if (error.reason === 'full') {
    return new AppError('backlog_full', 'The backlog is full', { retryAfterMs: RETRY_AFTER_MS }, error)
  }
  if (error.reason === 'disk_full') {
    return new AppError(
      'storage_full',
      'The disk is full: nothing new is taken until there is room',
      { retryAfterMs: DISK_RETRY_AFTER_MS },
      error,
    )
  }
  if (error.reason === 'too_large') {
    return new AppError('body_too_large', 'The event is larger than the broker takes', {}, error)
  }
  return brokerUnavailable(error)
}

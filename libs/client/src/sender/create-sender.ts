import type { ApiKey } from '../api-key.ts'
import type { Retry } from './deliver-batch.ts'
import { SYSTEM_CLOCK, type Clock } from './clock.ts'
import {
  EVENT_KINDS,
  type EventKind,
  type EventOfKind,
  type Log,
  type Metric,
  type Product,
  type Span,
} from './event-kinds.ts'
import { BatchSender, type WhenFull } from './batch-sender.ts'
import { postEvents } from './post-events.ts'
import { prepareEvent, type PreparedEvent } from './prepare-event.ts'
import { SenderClosedError } from './sender-errors.ts'
import { completeLimits, type SenderLimits } from './sender-limits.ts'
import { SenderLife } from './sender-life.ts'
import { createWarning, type OnUndelivered, type Refusal } from './undelivered.ts'

export interface SenderOptions extends Partial<SenderLimits> {
  /** Where ingest-api answers, e.g. `http://localhost:8080`. */
  readonly url: string
  /** Left out where Runnel asks for no keys. */
  readonly key?: ApiKey | undefined
  /** Default: `wait`. */
  readonly whenFull?: WhenFull | undefined
  /** `stored`: an event counts as delivered once it is in PostgreSQL. Default: once the broker keeps it. */
  readonly wait?: 'stored' | undefined
  /** Default: a warning of the process, at most once a minute. */
  readonly onUndelivered?: OnUndelivered | undefined
  /** Called before every wait for a retry. */
  readonly onRetry?: ((retry: Retry) => void) | undefined
  /** Ends the sender at once, like an aborted close. */
  readonly signal?: AbortSignal | undefined
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  readonly clock?: Clock | undefined
  /** From 0 to 1. */
  readonly random?: (() => number) | undefined
  /** Ids of events: never the same twice. */
  readonly newId?: (() => string) | undefined
}

export interface SenderCounts {
  readonly delivered: number
  /** All that onUndelivered was called for. */
  readonly undelivered: number
  /** Of these: because the queue was full. */
  readonly dropped: number
  readonly retries: number
  readonly queuedEvents: number
  readonly queuedBytes: number
  /** Calls that wait for room. */
  readonly waitingCalls: number
}

export interface TakeOptions {
  /** Ends the wait for room; the event is not taken then. */
  readonly signal?: AbortSignal | undefined
  /** Default: that of the sender. */
  readonly whenFull?: WhenFull | undefined
}

/**
 * Sends events in batches. A call resolves once its event is in the queue. From then on it is delivered, however often that has
 * to be tried and stored once, or onUndelivered is called for it.
 */
export interface Sender {
  metric(metric: Metric, options?: TakeOptions): Promise<void>
  log(log: Log, options?: TakeOptions): Promise<void>
  product(product: Product, options?: TakeOptions): Promise<void>
  span(span: Span, options?: TakeOptions): Promise<void>
  /** @throws SenderFullError, SenderClosedError, or the reason of the signal: the event was not taken */
  event<Kind extends EventKind>(kind: Kind, item: EventOfKind[Kind], options?: TakeOptions): Promise<void>
  /** Resolves once everything that came before is delivered or reported. An aborted signal ends the wait alone. */
  flush(signal?: AbortSignal): Promise<void>
  /** Takes nothing more and flushes. An aborted signal ends everything at once: what is left is reported, and the call rejected. */
  close(signal?: AbortSignal): Promise<void>
  counts(): SenderCounts
}

/** @throws RangeError for a limit, TypeError for a URL that is not valid */
export function createSender(options: SenderOptions): Sender {
  const limits = completeLimits(options)
  const clock = options.clock ?? SYSTEM_CLOCK
  const random = options.random ?? Math.random
  const { newId = () => crypto.randomUUID(), whenFull = 'wait' } = options
  const aborting = new AbortController()
  const counts = { delivered: 0, undelivered: 0, dropped: 0, retries: 0 }
  const report = createReport(options.onUndelivered ?? createWarning(clock), counts)
  const createBatchSender = (kind: EventKind) =>
    new BatchSender({
      ...{ kind, limits, clock, random, signal: aborting.signal },
      post: createPost(kind, options, clock, limits),
      onDelivered: (events) => (counts.delivered += events),
      onUndelivered: (event, why) => report(kind, event, why),
      onRetry: (retry) => {
        counts.retries++
        callSafely(() => options.onRetry?.(retry))
      },
    })
  const senders = Object.fromEntries(EVENT_KINDS.map((kind) => [kind, createBatchSender(kind)])) as Record<
    EventKind,
    BatchSender
  >
  const life = new SenderLife(Object.values(senders), aborting, options.signal)
  const event: Sender['event'] = async (kind, item, take = {}) => {
    if (life.isClosed) throw new SenderClosedError('The sender is closed')
    take.signal?.throwIfAborted()
    const prepared = prepareEvent(kind, item, {
      eventBytes: limits.eventBytes,
      nowMs: () => clock.nowMs(),
      newId,
    })
    if ('why' in prepared) report(kind, prepared, prepared.why)
    else await senders[kind].take(prepared, take.whenFull ?? whenFull, take.signal)
  }
  return {
    metric: (metric, take) => event('metrics', metric, take),
    log: (log, take) => event('logs', log, take),
    product: (product, take) => event('products', product, take),
    span: (span, take) => event('traces', span, take),
    event,
    flush: (signal) => life.flush(signal),
    close: (signal) => life.close(signal),
    counts: () => ({ ...counts, ...measure(Object.values(senders)) }),
  }
}

function createPost(kind: EventKind, options: SenderOptions, clock: Clock, limits: SenderLimits) {
  const { key, wait, fetch = globalThis.fetch } = options
  const query = wait === undefined ? '' : `?wait=${wait}`
  const url = new URL(`${options.url.replace(/\/+$/, '')}/api/v1/${kind}${query}`).href
  return (texts: readonly string[], signal: AbortSignal) =>
    postEvents(texts, signal, { url, key, fetch, clock, limits })
}

function createReport(onUndelivered: OnUndelivered, counts: { undelivered: number; dropped: number }) {
  return (kind: EventKind, { eventId, text }: Pick<PreparedEvent, 'eventId' | 'text'>, why: Refusal) => {
    counts.undelivered++
    if (why.code === 'queue_full') counts.dropped++
    callSafely(() => onUndelivered({ kind, eventId, text, ...why }))
  }
}

/** What a callback throws is an uncaught exception, as everywhere; the other events are sent nevertheless. */
function callSafely(callback: () => void): void {
  try {
    callback()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function measure(senders: readonly BatchSender[]) {
  const sum = (read: (sender: BatchSender) => number) =>
    senders.reduce((total, sender) => total + read(sender), 0)
  return {
    queuedEvents: sum(({ queue }) => queue.length),
    queuedBytes: sum(({ queue }) => queue.bytes),
    waitingCalls: sum(({ queue }) => queue.waiting),
  }
}

import { KEY_REUSED, type Kind } from '@runnel/contracts'
import type { Message, Notices } from '@runnel/messaging'
import type { Logger } from '@runnel/observability'
import { retryTransient, writeDurably } from '@runnel/repositories-database'
import type { DeadLetter, EventRow, ReplayedLetter, StoreResult } from '@runnel/repositories-events'
import { inSlices } from '@runnel/runtime'
import type { ConsumerMetrics } from './consumer-metrics.ts'
import type { IncomingEvent, ReadMessage } from './incoming-event.ts'
import { deadLetterOf, promoteBatch, type Origin } from './promote-batch.ts'
import type { IgnoredHeader } from './read-headers.ts'
import { readMessage, type ReadOptions } from './read-message.ts'
import type { PositionOf } from './product-positions.ts'
import { inTime } from './in-time.ts'
import { sendReplies } from './send-replies.ts'

/** What is different about a kind; everything else is the same for all of them. */
export interface Pipeline<R extends EventRow, Result extends StoreResult> {
  readonly kind: Kind
  /** @throws AppError when the event can never be a row */
  readonly promote: (event: IncomingEvent) => R
  /** Where messages stand in the order of events, where that needs more than the broker's word. Asks the database. */
  readonly place?: (messages: readonly Message[]) => Promise<PositionOf>
  /** One transaction: all or nothing. */
  readonly store: (rows: readonly R[], replayed: readonly ReplayedLetter[]) => Promise<Result>
  /** Called after the commit, for redelivered events too. */
  readonly announce?: (result: Result) => void
}

export interface HandleOptions {
  readonly log: Logger
  readonly metrics: ConsumerMetrics
  readonly notices: Pick<Notices, 'send'>
  readonly read: ReadOptions
  /** A header of Runnel's protocol was not obeyed. */
  readonly onIgnoredHeader: (kind: Kind, header: IgnoredHeader) => void
  readonly ackWaitMs: number
  readonly retryDelayMs: number
  readonly signal: AbortSignal
  readonly ensurePartitions: (rows: readonly EventRow[]) => Promise<void>
  /** A place in the log of PostgreSQL behind all that is committed; left out where there is no such log, as in the standalone mode. */
  readonly readPosition?: (() => Promise<string>) | undefined
  /** @returns how many are new */
  readonly storeDeadLetters: (letters: readonly DeadLetter[]) => Promise<number>
}

/**
 * One batch, from messages to acks. The order is the guarantee: rows and dead letters are committed, then the messages
 * are acked, then caches and waiting requests are notified. A process that dies anywhere in between has the messages delivered
 * again, and the rows recognise them.
 *
 * @throws AbortError when the process drains before the database takes the batch; nothing is acked then
 */
export async function handleBatch<R extends EventRow, Result extends StoreResult>(
  messages: readonly Message[],
  pipeline: Pipeline<R, Result>,
  options: HandleOptions,
): Promise<void> {
  const startedMs = performance.now()
  const release = keepAlive(messages, options.ackWaitMs)
  try {
    const positionOf = await placeMessages(messages, pipeline, options)
    const reads = await inSlices(
      readMessages(messages, { ...options.read, ...(positionOf && { positionOf }) }),
    )
    printEvents(options.log, pipeline.kind, reads)
    for (const [, { ignored }] of reads)
      for (const header of ignored) options.onIgnoredHeader(pipeline.kind, header)
    const { results, letters } = await commitBatch(reads, pipeline, options)
    for (const message of messages) message.ack()
    for (const result of results) pipeline.announce?.(result)
    await replyToWaiting(reads, { letters, results }, options)
    const arrivedMs = messages[0]!.position?.timeMs ?? messages[0]!.sentAtMs
    options.metrics.batch(pipeline.kind, {
      events: reads.reduce((sum, [, { events, poison }]) => sum + events.length + poison.length, 0),
      durationMs: performance.now() - startedMs,
      oldestMs: arrivedMs && options.read.now() - arrivedMs,
    })
  } finally {
    release()
  }
}

/** For the place in the log: those who wait for their answers wait no longer than this for it. */
const POSITION_PATIENCE_MS = 1000

/** Where requests wait, PostgreSQL is asked for the place in its log that their readers may want to see. */
async function replyToWaiting(
  reads: readonly (readonly [Message, ReadMessage])[],
  { letters, results }: { readonly letters: readonly DeadLetter[]; readonly results: readonly StoreResult[] },
  { log, notices, readPosition }: HandleOptions,
): Promise<void> {
  const asked = reads.filter(([, { replyTo }]) => replyTo !== undefined)
  if (asked.length === 0) return
  const position =
    readPosition &&
    (await inTime(readPosition(), POSITION_PATIENCE_MS, (err) =>
      log.warn({ err }, 'the position in the log of PostgreSQL could not be read: answers go without it'),
    ))
  sendReplies(asked, letters, results, { notices, position })
}

/** Each message may be slow to read, so that other work has its turn between two of them. */
function* readMessages(
  messages: readonly Message[],
  options: ReadOptions,
): Generator<void, (readonly [Message, ReadMessage])[]> {
  const reads: (readonly [Message, ReadMessage])[] = []
  for (const message of messages) {
    reads.push([message, yield* readMessage(message, options)])
    yield
  }
  return reads
}

async function placeMessages<R extends EventRow, Result extends StoreResult>(
  messages: readonly Message[],
  { kind, place }: Pipeline<R, Result>,
  options: HandleOptions,
): Promise<PositionOf | undefined> {
  if (place === undefined) return undefined
  const placeOnce = async () => {
    options.signal.throwIfAborted()
    return place(messages)
  }
  return retryTransient(placeOnce, { ...options, onFailure: createOnFailure(kind, options) })
}

/** @returns what is called after each attempt that the database did not take; it throws once the process drains */
function createOnFailure(kind: Kind, { log, metrics, signal }: HandleOptions): (error: unknown) => void {
  return (error) => {
    signal.throwIfAborted()
    metrics.retry(kind)
    log.warn({ err: error, kind }, 'the database does not take the batch yet')
  }
}

/** Everything of the batch that has to survive, in PostgreSQL. */
async function commitBatch<R extends EventRow, Result extends StoreResult>(
  reads: readonly (readonly [Message, ReadMessage])[],
  { kind, promote, store }: Pipeline<R, Result>,
  options: HandleOptions,
): Promise<{ results: readonly Result[]; letters: readonly DeadLetter[] }> {
  const { log, metrics, signal } = options
  const onFailure = createOnFailure(kind, options)
  const { rows, origins, replayed, letters } = await inSlices(promoteBatch(kind, reads, promote))
  const replayedOf = (part: readonly R[]) =>
    replayed.size === 0 ? [] : part.flatMap((row) => replayed.get(row) ?? [])
  const { results, poison } = await writeDurably(rows, {
    ...options,
    onFailure,
    write: async (part) => {
      signal.throwIfAborted()
      return store(part, replayedOf(part))
    },
  })
  for (const { index, error } of poison)
    letters.push(deadLetterOf(kind, origins[index]!, describeError(error)))
  letters.push(...describeConflicts(kind, results, rows, origins))
  const deadLettered = await retryTransient(
    async () => {
      signal.throwIfAborted()
      return options.storeDeadLetters(letters)
    },
    { ...options, onFailure },
  )
  for (const { sourceId, reason } of letters) log.warn({ kind, eventId: sourceId, reason }, 'dead-lettered')
  metrics.events(kind, 'dead_lettered', deadLettered)
  for (const result of results) {
    metrics.events(kind, 'stored', result.stored)
    metrics.events(kind, 'repeated', result.repeated)
    metrics.events(kind, 'duplicate', result.duplicates.length)
  }
  return { results, letters }
}

/** Events that another one stands in the way of: kept among the dead letters, for a person to decide. */
function describeConflicts(
  kind: Kind,
  results: readonly StoreResult[],
  rows: readonly EventRow[],
  origins: readonly Origin[],
): DeadLetter[] {
  const reasons = new Map<string, string>()
  for (const { reused, taken } of results) {
    for (const { id, of } of reused) {
      reasons.set(id, `${KEY_REUSED}: The key was used before for another event, ${of}`)
    }
    for (const id of taken) {
      reasons.set(
        id,
        'event_id_taken: An event is stored under this id; delete this letter if it is the same one',
      )
    }
  }
  if (reasons.size === 0) return []
  return rows.flatMap(({ id }, index) => {
    const reason = reasons.get(id)
    return reason === undefined ? [] : [deadLetterOf(kind, origins[index]!, reason)]
  })
}

/** The reason of a dead letter, with the SQLSTATE where there is one. */
function describeError(error: unknown): string {
  const { code, message } = error as Error & { code?: string }
  return code === undefined ? message : `${code}: ${message}`
}

/** At debug level, every event as it comes. */
function printEvents(log: Logger, kind: string, reads: readonly (readonly [Message, ReadMessage])[]): void {
  if (!log.isLevelEnabled('debug')) return
  for (const [message, { events }] of reads) {
    for (const { id, key, op, data } of events) {
      log.debug({ kind, eventId: id, key, op, deliveries: message.deliveries, data }, 'event')
    }
  }
}

/**
 * Keeps messages from being delivered again while they are worked on: the broker is reminded three times within each ack
 * wait.
 *
 * @returns a function that stops it
 */
function keepAlive(messages: readonly Message[], ackWaitMs: number): () => void {
  const timer = setInterval(() => {
    for (const message of messages) message.inProgress()
  }, ackWaitMs / 3)
  return () => clearInterval(timer)
}

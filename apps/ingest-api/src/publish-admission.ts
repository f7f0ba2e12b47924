import { AppError, KEY_REUSED, type Kind } from '@runnel/contracts'
import { parseWalPosition } from '@runnel/repositories-database'
import type { Admission, AdmittedEvent } from './admitted-events.ts'
import type { Lane } from './connect-intake.ts'
import type { StoredOutcome, StoredOutcomes, StoredReplies, Waiting } from './stored-replies.ts'
import { ONLY_SOME, submitEvents } from './submit-events.ts'
import type { RejectedItem, StoredDetails, WireOutcome } from './wire-format.ts'

/**
 * What a 2xx without `?wait` stands for: `broker`: the broker keeps the events. `stored`: the consumer said what became of
 * them, for a broker that forgets them with its process.
 */
export type Acknowledge = 'broker' | 'stored'

export interface PublishOptions {
  readonly acknowledge: Acknowledge
  readonly lanes: Readonly<Record<Kind, Lane>>
  readonly replies: StoredReplies
  readonly storedWaitMs: number
}

const RETRY_AFTER_MS = 1000

/**
 * Publishes what was admitted, and resolves once it is as safe as the caller asked for.
 *
 * @param wantsRow the request came with `?wait=stored`
 * @throws AppError dead_lettered when nothing of it was stored, database_unavailable | partly_accepted where the consumer's
 * word did not come in time and is needed, else of GroupCommit.submit
 */
export function publishAdmission(
  admission: Admission,
  wantsRow: boolean,
  options: PublishOptions,
): Promise<WireOutcome> {
  if (admission.admitted.length === 0) return Promise.resolve(describeAccepted(admission))
  if (options.acknowledge === 'stored') return publishUntilStored(admission, wantsRow, options)
  return wantsRow ? publishAndWait(admission, options) : publishToBroker(admission, options)
}

function publishToBroker(admission: Admission, { lanes }: PublishOptions): Promise<WireOutcome> {
  const outcome = describeAccepted(admission)
  return submitEvents(lanes, 'commit', admission).then(() => outcome)
}

/**
 * Without news in time the answer is that of the default: the events are safe at the broker, and that is all that is
 * known.
 */
async function publishAndWait(admission: Admission, options: PublishOptions): Promise<WireOutcome> {
  const outcomes = await submitAndWait(admission, expectReply(admission, options), options)
  return outcomes ? describeStored(admission, outcomes) : describeAccepted(admission)
}

/**
 * Over a broker that forgets with its process nothing is answered before the consumer's word on every event, so that the
 * answer can say what became of them. A dead letter is kept as well as a row is: a request that did not ask for the row has
 * what it asked for.
 */
async function publishUntilStored(
  admission: Admission,
  wantsRow: boolean,
  options: PublishOptions,
): Promise<WireOutcome> {
  const waiting = expectReply(admission, options)
  let outcomes: StoredOutcomes | undefined
  try {
    outcomes = await submitAndWait(admission, waiting, options)
  } catch (error) {
    throw describeUnsettled(admission, waiting.known, error)
  }
  if (!outcomes) throw describeUnsettled(admission, waiting.known, notStoredInTime())
  const isKeptElsewhere = !wantsRow && [...outcomes.values()].some(isDeadLettered)
  return isKeptElsewhere ? describeAccepted(admission) : describeStored(admission, outcomes)
}

function isDeadLettered({ deadLettered }: StoredOutcome): boolean {
  return deadLettered !== undefined
}

/** Begin before publishing: the answer may overtake the broker's confirmation. */
function expectReply({ admitted }: Admission, { replies, storedWaitMs }: PublishOptions): Waiting {
  return replies.wait(
    admitted.names().map(({ id }) => id),
    storedWaitMs,
  )
}

/**
 * Publishes in envelopes that ask the consumer for its word, and waits for it.
 *
 * @returns undefined when no news of all events came in time
 * @throws AppError of GroupCommit.submit; the waiting has ended then
 */
async function submitAndWait(
  admission: Admission,
  waiting: Waiting,
  { lanes }: PublishOptions,
): Promise<StoredOutcomes | undefined> {
  try {
    await submitEvents(lanes, 'commitForReply', admission)
  } catch (error) {
    waiting.cancel()
    throw error
  }
  return waiting.settled
}

/** Everything that was admitted is kept. */
function describeAccepted({ admitted, rejected }: Admission): WireOutcome {
  return { status: 'ok', accepted: admitted.length, rejected }
}

/** @throws AppError dead_lettered | idempotency_key_reused when nothing of it was stored */
function describeStored({ admitted, rejected }: Admission, outcomes: StoredOutcomes): WireOutcome {
  const names = admitted.names()
  const refused = names.flatMap((event) => describeDeadLetter(event, outcomes))
  const all = [...rejected, ...refused]
  if (refused.length === admitted.length) throw deadLettered(refused, all)
  return {
    status: 'stored',
    accepted: admitted.length - refused.length,
    rejected: all,
    details: describeDetails(names, outcomes),
    ...describePosition(outcomes),
  }
}

/** The one behind all others: envelopes of a request may have been committed one after the other. */
function describePosition(outcomes: StoredOutcomes): Pick<WireOutcome, 'position'> {
  let last: string | undefined
  for (const { position } of outcomes.values()) {
    // The events of a batch that was committed as a whole share one text.
    if (position === undefined || position === last) continue
    if (last === undefined || parseWalPosition(position)! > parseWalPosition(last)!) last = position
  }
  return last === undefined ? {} : { position: last }
}

function describeDetails(admitted: readonly AdmittedEvent[], outcomes: StoredOutcomes): StoredDetails {
  const pick = <T>(describe: (index: number, outcome: StoredOutcome) => T | undefined): T[] =>
    admitted.flatMap(({ id, index }) => describe(index, outcomes.get(id) ?? {}) ?? [])
  return {
    superseded: pick((index, { superseded }) => (superseded ? index : undefined)),
    duplicates: pick((index, { duplicateOf }) =>
      duplicateOf === undefined ? undefined : { index, eventId: duplicateOf },
    ),
    products: pick((index, { productId }) =>
      productId === undefined ? undefined : { index, id: productId },
    ),
  }
}

function describeDeadLetter(event: AdmittedEvent, outcomes: StoredOutcomes): RejectedItem[] {
  const reason = outcomes.get(event.id)?.deadLettered
  if (reason === undefined) return []
  const code = isKeyReused(reason) ? KEY_REUSED : 'dead_lettered'
  return [{ index: event.index, code, message: reason }]
}

function isKeyReused(reason: string): boolean {
  return reason.startsWith(`${KEY_REUSED}: `)
}

/**
 * @param refused the dead letters of a request
 * @param all with what was not even admitted: where it is more than one item, the error names each
 */
function deadLettered(refused: readonly RejectedItem[], all: readonly RejectedItem[]): AppError {
  const reason = refused[0]?.message ?? 'unknown'
  const extra = all.length > 1 ? { rejected: all } : {}
  if (refused.length === 1 && isKeyReused(reason)) {
    const message = 'The key was used for another event; this one is kept among the dead letters'
    return new AppError(KEY_REUSED, message, {
      field: 'idempotency-key',
      expected: 'a key of its own',
      extra,
    })
  }
  return new AppError('dead_lettered', `Not stored, and kept among the dead letters: ${reason}`, { extra })
}

/** The row may come yet, or be lost with the process: that cannot be known. */
export function notStoredInTime(): AppError {
  return new AppError('database_unavailable', 'Not stored in time; it may be stored yet', {
    retryAfterMs: RETRY_AFTER_MS,
  })
}

/** What the broker has confirmed of a batch counts for nothing here, what the consumer has settled does. */
function describeUnsettled({ admitted }: Admission, known: StoredOutcomes, error: unknown): unknown {
  const accepted = admitted
    .names()
    .filter(({ id }) => known.has(id))
    .map(({ index }) => index)
  const partly = error instanceof AppError && error.code === 'partly_accepted'
  if (accepted.length === 0) return partly ? notStoredInTime() : error
  const details = { retryAfterMs: RETRY_AFTER_MS, extra: { accepted } }
  return new AppError('partly_accepted', ONLY_SOME, details, error)
}

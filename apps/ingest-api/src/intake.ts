import { AppError, type Kind, type NextEventId } from '@runnel/contracts'
import type { GroupCommit } from '@runnel/messaging'
import type { Admission, AdmittedEvent, RejectedItem } from './admit.ts'
import type { StoredOutcomes, StoredReplies, Waiting } from './stored-replies.ts'

/** What a request is told once its events are safe. */
export interface IntakeAnswer {
  readonly status: 'ok' | 'stored'
  readonly rejected: readonly RejectedItem[]
  /** Events that were accepted. */
  readonly accepted: number
}

/** How events of one kind get to the broker. */
export interface Lane {
  readonly kind: Kind
  /** Default: answered once the broker keeps the events. */
  readonly commit: GroupCommit
  /** For `?wait=stored`: envelopes of this one ask the consumer for an answer. */
  readonly commitForReply: GroupCommit
}

/**
 * What a 2xx without `?wait` stands for: `broker`: the broker keeps the events. `stored`: the consumer said what became of
 * them, for a broker that forgets them with its process.
 */
export type Acknowledge = 'broker' | 'stored'

export interface IntakeOptions {
  readonly acknowledge: Acknowledge
  readonly nextId: NextEventId
  readonly replies: StoredReplies
  readonly storedWaitMs: number
}

/**
 * Publishes what was admitted. Resolves once the broker keeps all of it; until then the events are kept there alone.
 *
 * @throws AppError of GroupCommit.submit
 */
export function publishAdmission(lane: GroupCommit, admission: Admission): Promise<IntakeAnswer> {
  const answer = describeAccepted(admission)
  return submit(lane, admission.admitted).then(() => answer)
}

/**
 * Publishes and waits for the rows. Without news in time the answer is that of the default: the events are safe at the
 * broker, and that is all that is known.
 *
 * @throws AppError dead_lettered when nothing of it was stored, else of GroupCommit.submit
 */
export async function publishAndWait(
  lane: Lane,
  admission: Admission,
  options: IntakeOptions,
): Promise<IntakeAnswer> {
  const outcomes = await submitAndWait(lane, admission, expectReply(admission, options))
  return outcomes ? describeStored(admission, outcomes) : describeAccepted(admission)
}

/** Begin before publishing: the answer may overtake the broker's confirmation. */
export function expectReply({ admitted }: Admission, { replies, storedWaitMs }: IntakeOptions): Waiting {
  return replies.wait(
    admitted.map(({ id }) => id),
    storedWaitMs,
  )
}

/**
 * Publishes in envelopes that ask the consumer for its word, and waits for it.
 *
 * @returns undefined when no news of all events came in time
 * @throws AppError of GroupCommit.submit; nobody waits any more then
 */
export async function submitAndWait(
  lane: Lane,
  { admitted }: Admission,
  waiting: Waiting,
): Promise<StoredOutcomes | undefined> {
  try {
    await submit(lane.commitForReply, admitted)
  } catch (error) {
    waiting.cancel()
    throw error
  }
  return waiting.settled
}

/** Everything that was admitted is kept. */
export function describeAccepted({ admitted, rejected }: Admission): IntakeAnswer {
  return { status: 'ok', accepted: admitted.length, rejected }
}

/** @throws AppError dead_lettered when nothing of it was stored */
export function describeStored(admission: Admission, outcomes: StoredOutcomes): IntakeAnswer {
  const refused = admission.admitted.flatMap((event) => describeDeadLetter(event, outcomes))
  if (refused.length === admission.admitted.length) throw deadLettered(refused)
  return {
    status: 'stored',
    accepted: admission.admitted.length - refused.length,
    rejected: [...admission.rejected, ...refused],
  }
}

/** Positions inside the envelope become positions inside the request. */
function submit(commit: GroupCommit, events: readonly AdmittedEvent[]): Promise<unknown> {
  const places = events.map(({ index }) => index)
  return commit.submit(events.map(({ encoded }) => encoded)).catch((error: unknown) => {
    throw translatePlaces(error, places)
  })
}

function translatePlaces(error: unknown, places: readonly number[]): unknown {
  if (!(error instanceof AppError) || error.code !== 'partly_accepted') return error
  const confirmed = (error.details.extra?.['accepted'] ?? []) as number[]
  const accepted = confirmed.map((position) => places[position]!)
  return new AppError('partly_accepted', error.message, { ...error.details, extra: { accepted } }, error)
}

function describeDeadLetter(event: AdmittedEvent, outcomes: StoredOutcomes): RejectedItem[] {
  const reason = outcomes.get(event.id)?.deadLettered
  return reason === undefined ? [] : [{ index: event.index, code: 'dead_lettered', message: reason }]
}

function deadLettered(refused: readonly RejectedItem[]): AppError {
  const reason = refused[0]?.message ?? 'unknown'
  const extra = refused.length > 1 ? { rejected: refused } : {}
  return new AppError('dead_lettered', `Not stored, and kept among the dead letters: ${reason}`, { extra })
}

import { AppError } from '@runnel/contracts'
import type { Admission } from './admit.ts'
import {
  describeAccepted,
  describeStored,
  expectReply,
  submitAndWait,
  type IntakeAnswer,
  type IntakeOptions,
  type Lane,
} from './intake.ts'
import type { StoredOutcomes } from './stored-replies.ts'

const RETRY_AFTER_MS = 1000

/**
 * Publishes over a broker that forgets with its process: nothing is answered before the consumer's word on every event. A
 * dead letter is kept as well as a row is; only who asks for the row is told the difference.
 *
 * @param wantsRow the request came with `?wait=stored`
 * @throws AppError database_unavailable | partly_accepted where the word did not come in time, dead_lettered, or what
 * GroupCommit.submit throws
 */
export async function publishUntilStored(
  lane: Lane,
  admission: Admission,
  wantsRow: boolean,
  options: IntakeOptions,
): Promise<IntakeAnswer> {
  const waiting = expectReply(admission, options)
  let outcomes: StoredOutcomes | undefined
  try {
    outcomes = await submitAndWait(lane, admission, waiting)
  } catch (error) {
    throw describeUnsettled(admission, waiting.known, error)
  }
  if (!outcomes) throw describeUnsettled(admission, waiting.known, notStoredInTime())
  return wantsRow ? describeStored(admission, outcomes) : describeAccepted(admission)
}

/** The row may come yet, or be lost with the process: nobody can say. */
export function notStoredInTime(): AppError {
  return new AppError('database_unavailable', 'Not stored in time; it may be stored yet', {
    retryAfterMs: RETRY_AFTER_MS,
  })
}

/** What the broker has confirmed of a batch counts for nothing here, what the consumer has settled does. */
function describeUnsettled({ admitted }: Admission, known: StoredOutcomes, error: unknown): unknown {
  const accepted = admitted.filter(({ id }) => known.has(id)).map(({ index }) => index)
  const partly = error instanceof AppError && error.code === 'partly_accepted'
  if (accepted.length === 0) return partly ? notStoredInTime() : error
  const details = { retryAfterMs: RETRY_AFTER_MS, extra: { accepted } }
  return new AppError('partly_accepted', 'Only some of the events are stored for sure', details, error)
}

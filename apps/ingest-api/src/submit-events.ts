import { AppError, type Kind } from '@runnel/contracts'
import type { GroupCommit } from '@runnel/messaging'
import { textsOf, type Admission } from './admitted-events.ts'
import type { Lane } from './connect-intake.ts'

/** Also the sentence of GroupCommit, whose errors are translated here. */
export const ONLY_SOME = 'Only some of the events are stored for sure'

const RETRY_AFTER_MS = 1000

/** Which group commit of a lane takes the events. */
export type LaneCommit = 'commit' | 'commitForReply'

/**
 * Hands events to the broker, each to the lane of its kind. Resolves once the broker keeps all of them; until then they
 * are kept there alone.
 *
 * @throws AppError of GroupCommit.submit; partly_accepted names the items by the client's numbers
 */
export function submitEvents(
  lanes: Readonly<Record<Kind, Lane>>,
  which: LaneCommit,
  { admitted, admittedKinds }: Admission,
): Promise<unknown> {
  if (typeof admittedKinds !== 'string') {
    const { indexes } = admitted
    const texts = textsOf(admitted)
    const byKind = Map.groupBy(texts.keys(), (i) => admittedKinds[i]!)
    return submitParts(
      [...byKind].map(([kind, places]) => ({
        commit: lanes[kind][which],
        indexes: places.map((i) => indexes[i]!),
        events: places.map((i) => texts[i]!),
      })),
    )
  }
  const { indexes } = admitted
  return lanes[admittedKinds][which].submit(admitted.encoded).catch((error: unknown) => {
    throw isPartlyAccepted(error) ? partlyAccepted(error, [{ indexes, error }]) : error
  })
}

/** What one lane gets. */
interface LaneEvents {
  readonly commit: GroupCommit
  readonly indexes: readonly number[]
  readonly events: readonly string[]
}

/** Events of one lane, and why they are not all confirmed. */
interface Part {
  readonly indexes: readonly number[]
  readonly error: unknown
}

/** Every lane answers for itself: what one has confirmed is safe, whatever became of the others. */
async function submitParts(submissions: readonly LaneEvents[]): Promise<void> {
  const parts = await Promise.all(
    submissions.map(async ({ commit, indexes, events }): Promise<Part> => {
      return commit.submit(events).then(
        () => ({ indexes, error: undefined }),
        (error: unknown) => ({ indexes, error }),
      )
    }),
  )
  const failed = parts.find(({ error }) => error !== undefined)
  if (failed === undefined) return
  const isSafe = ({ error }: Part) => error === undefined || isPartlyAccepted(error)
  throw parts.some(isSafe) ? partlyAccepted(failed.error, parts) : failed.error
}

function isPartlyAccepted(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'partly_accepted'
}

/** Positions inside the envelopes become the client's numbers; one counts where all events of its item are confirmed. */
function partlyAccepted(cause: unknown, parts: readonly Part[]): AppError {
  const [confirmed, open] = [new Set<number>(), new Set<number>()]
  for (const { indexes, error } of parts) {
    const positions = isPartlyAccepted(error)
      ? new Set(error.details.extra?.['accepted'] as number[] | undefined)
      : undefined
    const isConfirmed = (position: number) => positions?.has(position) ?? error === undefined
    indexes.forEach((index, position) => (isConfirmed(position) ? confirmed : open).add(index))
  }
  const accepted = [...confirmed].filter((index) => !open.has(index)).sort((a, b) => a - b)
  const details = cause instanceof AppError ? cause.details : { retryAfterMs: RETRY_AFTER_MS }
  return new AppError('partly_accepted', ONLY_SOME, { ...details, extra: { accepted } }, cause)
}

import type { Outcome } from '../load/judge-answer.ts'
import type { ProtocolAnswer, ProtocolEvent } from './protocol-client.ts'

/** Of an answer that is shown. */
const SHOWN_CHARS = 300

/**
 * An answer that takes a request apart: what was malformed has to be refused, and nothing else.
 *
 * @param accepted positions in `events`
 * @param refused positions that never will be accepted; what is in neither list is open
 */
export function judgeParts(
  answer: ProtocolAnswer,
  events: readonly ProtocolEvent[],
  { accepted, refused }: { readonly accepted: readonly number[]; readonly refused: readonly number[] },
): Outcome {
  const idsOf = (positions: readonly number[], isMalformed: boolean) =>
    positions.flatMap((at) => (events[at]?.isMalformed === isMalformed ? [events[at].id] : []))
  const taken = idsOf(accepted, true)
  const dropped = idsOf(refused, false)
  const wrong = [
    ...(taken.length > 0 ? [`malformed events were accepted: ${taken.join()}`] : []),
    ...(dropped.length > 0 ? [`good events were rejected: ${dropped.join()}: ${textOf(answer)}`] : []),
  ]
  return {
    ...{ what: String(answer.status), accepted, refused, deadLettered: false },
    ...(wrong.length > 0 && { wrongAnswer: wrong.join('; ') }),
  }
}

/** @returns for {@link judgeParts}: exactly the well-formed events were accepted */
export function partsAsMeant(events: readonly ProtocolEvent[]): {
  readonly accepted: readonly number[]
  readonly refused: readonly number[]
} {
  const positionsOf = (isMalformed: boolean) =>
    events.flatMap((event, at) => (event.isMalformed === isMalformed ? [at] : []))
  return { accepted: positionsOf(false), refused: positionsOf(true) }
}

/** How a protocol says that it is busy. */
export interface BusyRule {
  /** Statuses upon which clients send again. */
  readonly repeated: readonly number[]
  /** Of those, what Runnel may answer. */
  readonly allowed: readonly number[]
}

/** An answer that accepts nothing: one that passes, and says when to come again, or one that no client should get. */
export function judgeFailure(answer: ProtocolAnswer, { repeated, allowed }: BusyRule): Outcome {
  const { status, headers } = answer
  const seconds = Number(headers.get('retry-after'))
  const wrongAnswer = !allowed.includes(status)
    ? `${status} ${textOf(answer)}`
    : seconds >= 1
      ? undefined
      : `${status} without Retry-After`
  return {
    ...{ what: String(status), accepted: 'none', deadLettered: false },
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
    ...(!repeated.includes(status) && { isDropped: true }),
    ...(wrongAnswer !== undefined && { wrongAnswer }),
  }
}

/** An answer that its client cannot read: the events count as sent, and are not sent again. */
export function judgeUnreadable(answer: ProtocolAnswer, why: string): Outcome {
  const wrongAnswer = `${answer.status} ${why}: ${textOf(answer)}`
  return {
    ...{ what: String(answer.status), accepted: 'none', deadLettered: false },
    wrongAnswer,
    isDropped: true,
  }
}

/** The type of an answer, without parameters. */
export function typeOf({ headers }: ProtocolAnswer): string | undefined {
  return headers.get('content-type')?.split(';', 1)[0]!.trim().toLowerCase()
}

function textOf({ bytes }: ProtocolAnswer): string {
  return bytes.toString('latin1').slice(0, SHOWN_CHARS)
}

/** That an event is a row, a row whose product has a newer state, or that it was one before. */
export interface Claim {
  readonly status: 'stored' | 'superseded' | 'duplicate'
  /** Of the row that is named. */
  readonly eventId: string
}

/** What a client makes of an answer. */
export interface Outcome {
  /** For the ledger: a status, or why there was none. */
  readonly what: string
  /** Positions of the events that were accepted. */
  readonly accepted: 'all' | 'none' | readonly number[]
  /** Positions of the events that were refused for good; none where it is not there. */
  readonly refused?: readonly number[]
  /** Whether it says that the events are among the dead letters. */
  readonly deadLettered: boolean
  /** The client sends nothing of it again, though it was not accepted. */
  readonly isDropped?: true
  /** How long the client was asked to wait. */
  readonly retryAfterMs?: number
  /** What an answer that waited for the row says of an event that was sent alone. */
  readonly claim?: Claim
  /** What an answer may never be, whatever is broken. */
  readonly wrongAnswer?: string
}

interface Body {
  readonly code?: string
  readonly status?: unknown
  readonly accepted?: number | readonly number[]
  readonly rejected?: readonly { readonly index: number }[]
}

/** @param text of the body */
export function judgeAnswer(status: number, headers: Headers, text: string): Outcome {
  const body = parse(text)
  const what = `${status}${body.code === undefined ? '' : ` ${body.code}`}`
  if (status === 200 || status === 202) {
    const refused = body.rejected?.length ?? 0
    const wrongAnswer = refused > 0 ? { wrongAnswer: `good events were rejected: ${text.slice(0, 300)}` } : {}
    const claim = status === 200 ? readClaim(headers, body) : undefined
    const accepted = refused > 0 ? 'none' : 'all'
    return { what, accepted, deadLettered: false, ...(claim && { claim }), ...wrongAnswer }
  }
  if (status === 503 || status === 429) {
    const accepted = Array.isArray(body.accepted) ? (body.accepted as number[]) : 'none'
    const isPolite = Number(headers.get('retry-after')) >= 1
    return {
      what,
      accepted,
      deadLettered: false,
      ...(!isPolite && { wrongAnswer: `${status} without Retry-After` }),
    }
  }
  const deadLettered = status === 422 && body.code === 'dead_lettered'
  return { what, accepted: 'none', deadLettered, wrongAnswer: `${status} ${text.slice(0, 300)}` }
}

/** An answer to several events names none of them in a header. */
function readClaim(headers: Headers, { status }: Body): Claim | undefined {
  const eventId = headers.get('event-id')
  const isClaim = status === 'stored' || status === 'superseded' || status === 'duplicate'
  return eventId !== null && isClaim ? { status, eventId } : undefined
}

/** There was no answer: the process was killed, stands still, or the answer was cut. */
export function describeNoAnswer(error: unknown): Outcome {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  return { what: cause?.code ?? name ?? 'silence', accepted: 'none', deadLettered: false }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body
  } catch {
    return {}
  }
}

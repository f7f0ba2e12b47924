/** What a client makes of an answer. */
export interface Outcome {
  /** For the ledger: a status, or why there was none. */
  readonly what: string
  /** Positions of the events that were accepted. */
  readonly accepted: 'all' | 'none' | readonly number[]
  /** Whether it says that the events are among the dead letters. */
  readonly deadLettered: boolean
  /** What an answer may never be, whatever is broken. */
  readonly wrongAnswer?: string
}

interface Body {
  readonly code?: string
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
    return { what, accepted: refused > 0 ? 'none' : 'all', deadLettered: false, ...wrongAnswer }
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

/** What a client makes of an answer. */
export interface Outcome {
  /** For the books: a status, or why there was none. */
  readonly what: string
  /** Positions of the events that were taken. */
  readonly taken: 'all' | 'none' | readonly number[]
  /** Whether it says that the events are among the dead letters. */
  readonly buried: boolean
  /** What an answer may never be, whatever is broken. */
  readonly complaint?: string
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
    const complaint = refused > 0 ? { complaint: `good events were rejected: ${text.slice(0, 300)}` } : {}
    return { what, taken: refused > 0 ? 'none' : 'all', buried: false, ...complaint }
  }
  if (status === 503 || status === 429) {
    const taken = Array.isArray(body.accepted) ? (body.accepted as number[]) : 'none'
    const isPolite = Number(headers.get('retry-after')) >= 1
    return { what, taken, buried: false, ...(!isPolite && { complaint: `${status} without Retry-After` }) }
  }
  const buried = status === 422 && body.code === 'dead_lettered'
  return { what, taken: 'none', buried, complaint: `${status} ${text.slice(0, 300)}` }
}

/** Nobody answered: the process was killed, stands still, or the answer was cut. */
export function judgeSilence(error: unknown): Outcome {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  return { what: cause?.code ?? name ?? 'silence', taken: 'none', buried: false }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body
  } catch {
    return {}
  }
}

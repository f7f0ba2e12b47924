import type { GatewayAnswer } from '@runnel/contracts'
import type { SendResult } from './gateway.ts'

/** What came back of an attempt, as far as it came. */
export interface RawAnswer {
  readonly status: number
  /** What there was of it, as text. */
  readonly body: string
  /** The body came to its end. */
  readonly complete: boolean
}

export type Verdict = Pick<SendResult, 'outcome' | 'httpStatus' | 'gatewayCode' | 'detail' | 'unauthorised'>

/** A yes is 2xx with `code` 0; the status alone decides about a no, so that its body may be anything, or break off. */
export function judgeAnswer(answer: RawAnswer): Verdict {
  const { status } = answer
  const parsed = parseAnswer(answer)
  const httpStatus = status
  const said = parsed && {
    gatewayCode: parsed.code,
    ...(parsed.message !== '' && { detail: parsed.message }),
  }
  if (status < 200 || status > 299) {
    const detail = answer.body === '' ? {} : { detail: answer.body }
    return { ...refusalOf(status), httpStatus, ...(said ?? detail) }
  }
  if (!parsed) return { outcome: 'uncertain', httpStatus, detail: doubtAbout(answer) }
  if (parsed.code === 0) return { outcome: 'accepted', httpStatus, gatewayCode: 0 }
  return { outcome: 'refused', httpStatus, ...said }
}

function refusalOf(status: number): Pick<Verdict, 'outcome' | 'unauthorised'> {
  if (status === 401 || status === 403) return { outcome: 'refused', unauthorised: true }
  const passes = status < 400 || status > 499 || status === 408 || status === 429
  return { outcome: passes ? 'refused' : 'rejected' }
}

function doubtAbout({ body, complete }: RawAnswer): string {
  return `${complete ? 'not an answer' : 'the answer broke off'}: ${body}`
}

/** @returns undefined for anything but `{"code": integer, "message": text}`; further members are let pass */
function parseAnswer({ body, complete }: RawAnswer): GatewayAnswer | undefined {
  if (!complete) return undefined
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { code, message } = value as Partial<Record<'code' | 'message', unknown>>
  if (!Number.isSafeInteger(code) || typeof message !== 'string') return undefined
  // -0 is 0 as well.
  return { code: (code as number) + 0, message }
}

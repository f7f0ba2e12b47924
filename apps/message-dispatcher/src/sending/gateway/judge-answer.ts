import type { GatewayAnswer } from '@runnel/contracts'
import type { SendResult } from './gateway.ts'

/** The answer to an attempt, as far as it was received. */
export interface RawAnswer {
  readonly status: number
  /** The received part of the body, as text. */
  readonly body: string
  /** Whether the whole body was received. */
  readonly complete: boolean
}

export type AnswerVerdict = Pick<
  SendResult,
  'outcome' | 'httpStatus' | 'gatewayCode' | 'detail' | 'unauthorised'
>

/** Accepted is 2xx with `code` 0. Every other status decides alone: its body may be anything, or incomplete. */
export function judgeAnswer(answer: RawAnswer): AnswerVerdict {
  const { status } = answer
  const parsed = parseAnswer(answer)
  const httpStatus = status
  const reply = parsed && {
    gatewayCode: parsed.code,
    ...(parsed.message !== '' && { detail: parsed.message }),
  }
  if (status < 200 || status > 299) {
    const detail = answer.body === '' ? {} : { detail: answer.body }
    return { ...refusalOf(status), httpStatus, ...(reply ?? detail) }
  }
  if (!parsed) return { outcome: 'uncertain', httpStatus, detail: doubtAbout(answer) }
  if (parsed.code === 0) return { outcome: 'accepted', httpStatus, gatewayCode: 0 }
  return { outcome: 'refused', httpStatus, ...reply }
}

function refusalOf(status: number): Pick<AnswerVerdict, 'outcome' | 'unauthorised'> {
  if (status === 401 || status === 403) return { outcome: 'refused', unauthorised: true }
  // 421 speaks about the name in GATEWAY_URL, not about this message.
  const passes = status < 400 || status > 499 || [408, 421, 429].includes(status)
  return { outcome: passes ? 'refused' : 'rejected' }
}

function doubtAbout({ body, complete }: RawAnswer): string {
  return `${complete ? 'not a valid answer' : 'the answer is incomplete'}: ${body}`
}

/** @returns undefined for anything but `{"code": integer, "message": text}`; further members are ignored */
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
  // Turns -0 into 0.
  return { code: (code as number) + 0, message }
}

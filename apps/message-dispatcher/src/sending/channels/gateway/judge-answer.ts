import type { DecodedBody } from './decode-body.ts'
import type { RefusalScope, SendResult } from '../channel.ts'

/** The answer to an attempt, as far as it was received. */
export interface RawAnswer {
  readonly status: number
  /** The received part of the body. */
  readonly body: DecodedBody
  /** Why the body is not whole; undefined where it is. */
  readonly incomplete?: string | undefined
}

/** What the provider's contract says about a yes. */
export interface AnswerRules {
  /** `code`: a yes has `code` 0. `status`: a 2xx that gives no code is a yes as well. */
  readonly success: 'code' | 'status'
  /** Codes of a 2xx that say "not now". */
  readonly transientCodes: ReadonlySet<number>
}

export type AnswerVerdict = Pick<SendResult, 'outcome' | 'scope' | 'httpStatus' | 'gatewayCode' | 'detail'>

/** Accepted is 2xx with `code` 0. Every other status decides alone: its body may be anything, or incomplete. */
export function judgeAnswer(answer: RawAnswer, rules: AnswerRules): AnswerVerdict {
  const { status: httpStatus, incomplete } = answer
  const reply = incomplete === undefined ? readReply(answer.body) : undefined
  const described = reply && {
    ...(reply.gatewayCode !== undefined && { gatewayCode: reply.gatewayCode }),
    ...(reply.message !== '' && { detail: reply.message }),
  }
  if (httpStatus < 200 || httpStatus > 299) {
    const text = 'text' in answer.body ? answer.body.text : ''
    return { ...refusalOf(httpStatus), httpStatus, ...(described ?? (text !== '' && { detail: text })) }
  }
  if (reply?.isYes) return { outcome: 'accepted', httpStatus, gatewayCode: 0 }
  if (reply) return { outcome: 'refused', scope: scopeOfCode(reply, rules), httpStatus, ...described }
  if (rules.success === 'status') return { outcome: 'accepted', httpStatus }
  return { outcome: 'uncertain', httpStatus, detail: doubtAbout(answer) }
}

function scopeOfCode({ gatewayCode }: Reply, { transientCodes }: AnswerRules): RefusalScope {
  return gatewayCode !== undefined && transientCodes.has(gatewayCode) ? 'channel' : 'message'
}

/** They say who asks, who pays, or where: the same answer comes to every message. 406, 415 and 426: to how Runnel asks. */
const ACCOUNT_STATUSES: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 406, 407, 415, 426])

/** Timeout, the wrong server, a lock, too early, too many: they pass. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 421, 423, 425, 429])

function refusalOf(status: number): Pick<AnswerVerdict, 'outcome' | 'scope'> {
  if (ACCOUNT_STATUSES.has(status) || (status >= 300 && status < 400))
    return { outcome: 'refused', scope: 'account' }
  const passes = status < 400 || status > 499 || PASSING_STATUSES.has(status)
  return passes ? { outcome: 'refused', scope: 'channel' } : { outcome: 'rejected' }
}

/** Why it is not known whether the message was taken. */
function doubtAbout({ body, incomplete }: RawAnswer): string {
  const text = 'text' in body ? body.text : ''
  if (incomplete !== undefined) return `The answer is not whole (${incomplete}): ${text}`
  if ('problem' in body) return `The answer cannot be read: ${body.problem}`
  if (text.trim() === '') return 'The answer is empty; GATEWAY_SUCCESS=status would take it for a yes'
  return `The answer has no code that is a number: ${text}`
}

/** What the gateway said. */
interface Reply {
  readonly isYes: boolean
  /** Undefined where it is no safe integer. */
  readonly gatewayCode: number | undefined
  readonly message: string
}

const INTEGER = /^\s*[+-]?\d+\s*$/

/** @returns undefined for anything but an object whose `code` is a number, or a whole number as text; other members may be anything */
function readReply(body: DecodedBody): Reply | undefined {
  if ('problem' in body) return undefined
  let value: unknown
  try {
    value = JSON.parse(body.text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { code, message } = value as Partial<Record<'code' | 'message', unknown>>
  const number = typeof code === 'string' && INTEGER.test(code) ? Number(code) : code
  if (typeof number !== 'number') return undefined
  return {
    isYes: number === 0,
    // Turns -0 into 0.
    gatewayCode: Number.isSafeInteger(number) ? number + 0 : undefined,
    message: typeof message === 'string' ? message : '',
  }
}

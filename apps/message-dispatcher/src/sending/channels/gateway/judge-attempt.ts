import { headerOf, type HttpAnswer, type HttpEnd } from '../http/http-attempt.ts'
import { parseRetryAfter } from '../http/parse-retry-after.ts'
import { decodeBody, type DecodedBody } from './decode-body.ts'
import { judgeAnswer, type AnswerRules, type AnswerVerdict } from './judge-answer.ts'

/** How an attempt ended. */
export interface AttemptEnd extends AnswerVerdict {
  readonly retryAfterMs?: number
  /** As received; for the log. */
  readonly body: string
}

export interface JudgeOptions extends AnswerRules {
  /** Of an answer, also once it is inflated. */
  readonly maxAnswerBytes: number
}

/** @param nowMs against which a Retry-After is read where the answer names no date */
export function judgeAttempt(end: HttpEnd, options: JudgeOptions, nowMs: number): AttemptEnd {
  const { answer } = end
  if (!answer) return { outcome: end.sent ? 'uncertain' : 'unreached', detail: end.detail, body: '' }
  const { status, headers, incomplete } = answer
  const decoded = decode(answer, options.maxAnswerBytes)
  const verdict = judgeAnswer({ status, body: decoded, incomplete }, options)
  const body = 'text' in decoded ? decoded.text : ''
  if (verdict.outcome !== 'refused') return { ...verdict, body }
  const retryAfterMs = parseRetryAfter(headerOf(headers, 'retry-after'), headerOf(headers, 'date'), nowMs)
  return { ...verdict, ...(retryAfterMs !== undefined && { retryAfterMs }), body }
}

/** Half of a compressed body is not readable, and is not looked at. */
function decode({ chunks, headers, incomplete }: HttpAnswer, maxBytes: number): DecodedBody {
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  const contentEncoding = headerOf(headers, 'content-encoding')
  if (incomplete !== undefined && contentEncoding !== undefined) return { text: '' }
  const contentType = headerOf(headers, 'content-type')
  return decodeBody(bytes, { contentType, contentEncoding }, maxBytes)
}

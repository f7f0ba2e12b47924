import { isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'

/** An item of a batch that was not taken. */
interface RejectedItem {
  readonly index: number
  readonly code: string
  readonly message: string
}

/** What became of a POST. */
export type Answer =
  /** 2xx: the server answers for everything that is not in `rejected`. */
  | {
      readonly type: 'accepted'
      readonly status: number
      readonly rejected: readonly RejectedItem[]
      readonly eventId: string | undefined
    }
  /** Every single item is wrong (400, 422): sending it again changes nothing. */
  | {
      readonly type: 'rejected'
      readonly status: number
      readonly rejected: readonly RejectedItem[]
      readonly reason: string
    }
  /** 413: fewer items at a time may do. */
  | { readonly type: 'too-large'; readonly status: number; readonly reason: string }
  /** 429 and 5xx: later may do. */
  | {
      readonly type: 'busy'
      readonly status: number
      readonly retryAfterMs: number | undefined
      readonly reason: string
    }
  /** Any other answer: this is not the API that was expected. */
  | { readonly type: 'refused'; readonly status: number; readonly reason: string }
  /** No answer at all: the outcome is unknown. */
  | { readonly type: 'unreachable'; readonly reason: string }

/** An answer in a few words, for a person. */
export function describeAnswer(answer: Answer): string {
  if (answer.type === 'unreachable') return `no answer (${answer.reason})`
  if (answer.type === 'accepted') return `status ${answer.status}`
  return `${answer.status} ${answer.reason}`
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

export function parseAnswer(status: number, headers: Headers, text: string): Answer {
  const body = parseBody(text)
  const rejected = Array.isArray(body['rejected'])
    ? body['rejected'].filter(isJsonObject).map(toRejected)
    : []
  const reason = String(body['code'] ?? body['detail'] ?? '')
  if (status >= 200 && status < 300) {
    const eventId = headers['event-id']
    return { type: 'accepted', status, rejected, eventId: typeof eventId === 'string' ? eventId : undefined }
  }
  if (status === 429 || status >= 500) {
    return { type: 'busy', status, reason, retryAfterMs: parseRetryAfter(headers['retry-after'], Date.now()) }
  }
  if (status === 413) return { type: 'too-large', status, reason }
  if (status === 400 || status === 422) {
    const detail = typeof body['detail'] === 'string' ? `${reason}: ${body['detail']}` : reason
    return { type: 'rejected', status, rejected, reason: detail }
  }
  return { type: 'refused', status, reason }
}

/**
 * @param value seconds, or an HTTP date
 * @param nowMs milliseconds since 1970
 * @returns milliseconds to wait, or undefined without a readable header
 */
export function parseRetryAfter(value: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof value !== 'string') return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

function parseBody(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as JsonValue
    return isJsonObject(value) ? value : {}
  } catch {
    // A proxy's error page; the status says enough.
    return {}
  }
}

function toRejected(item: JsonObject): RejectedItem {
  const message = item['message'] ?? item['detail'] ?? ''
  return { index: Number(item['index']), code: String(item['code'] ?? 'rejected'), message: String(message) }
}

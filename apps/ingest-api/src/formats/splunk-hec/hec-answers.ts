import type { AppError } from '@runnel/contracts'
import { randomInt } from 'node:crypto'
import type { RejectedItem, WireAnswer, WireFailure, WireOutcome, WireRequest } from '../../wire-format.ts'

/** What is kept of a request for its answer. */
export interface HecContext {
  /** The client asks later whether its events are safe. */
  readonly hasChannel: boolean
}

/** The texts of the protocol by its codes, with the status that each one has. */
const ANSWERS = {
  0: [200, 'Success'],
  1: [403, 'Token disabled'],
  2: [401, 'Token is required'],
  3: [401, 'Invalid authorization'],
  4: [403, 'Invalid token'],
  5: [400, 'No data'],
  6: [400, 'Invalid data format'],
  8: [500, 'Internal server error'],
  9: [503, 'Server is busy'],
  10: [400, 'Data channel is missing'],
  12: [400, 'Event field is required'],
  13: [400, 'Event field cannot be blank'],
  16: [400, 'Query string authorization is not enabled'],
  17: [200, 'HEC is healthy'],
  23: [503, 'Server is shutting down'],
} as const

type HecCode = keyof typeof ANSWERS

/** @param more members beside text and code */
export function hecAnswer(code: HecCode, more: object = {}, ownStatus?: number): WireAnswer {
  const [status, text] = ANSWERS[code]
  return {
    status: ownStatus ?? status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ text, code, ...more }),
  }
}

/** Ids of acknowledgement are random: replicas that know nothing of each other may serve one channel. */
const ACK_IDS = 2 ** 48 - 1

/** What was accepted is kept, also where the first of the others is named. */
export function answerEvents({ accepted, rejected }: WireOutcome, { hasChannel }: HecContext): WireAnswer {
  const [first] = rejected
  if (first !== undefined) return answerRejected(first, { accepted })
  return hecAnswer(0, hasChannel ? { ackId: randomInt(ACK_IDS) } : {})
}

function answerRejected(item: RejectedItem, more: object): WireAnswer {
  const { index, code, field, message } = item
  const isOfEvent = field === '/event' && (code === 'missing_field' || code === 'invalid_field')
  const hecCode = !isOfEvent ? 6 : code === 'missing_field' ? 12 : 13
  return hecAnswer(hecCode, { 'invalid-event-number': index, detail: message, ...more })
}

/** Errors in the codes of the protocol; `detail` says more than its texts do. */
export function answerFailure(failure: WireFailure<HecContext>): WireAnswer {
  const { error } = failure
  const rejected = (error.details.extra?.['rejected'] ?? []) as readonly RejectedItem[]
  if (error.code === 'nothing_accepted' && rejected[0]) return answerRejected(rejected[0], { accepted: 0 })
  const [code, status] = codeOf(failure)
  return hecAnswer(code, { detail: error.message }, status)
}

/** @returns the code, and the status where it is not that of the code */
function codeOf({ error, status, request }: WireFailure<HecContext>): [HecCode, number?] {
  switch (error.code) {
    case 'unauthenticated':
      return [codeOfCredentials(request)]
    case 'key_expired':
    case 'key_revoked':
      return [1]
    case 'empty_batch':
      return [5]
    case 'shutting_down':
      return [23]
  }
  // Clients of this protocol drop their events on 429.
  if (status === 429 || status === 503) return [9]
  if (status === 401 || status === 403) return [4]
  if (status >= 500) return [8]
  return isOfBody(error) ? [6] : [6, status]
}

/** What a client can only answer by sending other data. */
function isOfBody({ code }: AppError): boolean {
  return code === 'dead_lettered' || code === 'idempotency_key_reused'
}

const SCHEMES = /^(?:splunk|bearer|basic|token|apikey) /i

function codeOfCredentials({ headers, query }: WireRequest): 2 | 3 | 4 | 16 {
  const { authorization } = headers
  if (authorization !== undefined) return SCHEMES.test(authorization) ? 4 : 3
  return (query as { token?: unknown }).token === undefined ? 2 : 16
}

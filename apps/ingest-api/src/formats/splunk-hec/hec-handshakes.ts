import { AppError, isJsonObject, type JsonValue } from '@runnel/contracts'
import { decodeUtf8, readJson } from '@runnel/json'
import type { WireAnswer, WireHandshake, WireRequest } from '../../wire-format.ts'
import { hecAnswer } from './hec-answers.ts'

const MAX_ACKS = 10_000

const HEALTH_URLS = ['/services/collector/health', '/services/collector/health/1.0']

/** What clients ask beside sending events. */
export const hecHandshakes: readonly WireHandshake[] = [
  ...HEALTH_URLS.map((url): WireHandshake => ({
    method: 'GET',
    url,
    summary: 'Whether events would be taken',
    // Load balancers ask without a token.
    access: 'public',
    answer: () => hecAnswer(17),
  })),
  {
    method: 'POST',
    url: '/services/collector/ack',
    summary: 'Whether the events of earlier requests are safe: they are',
    access: 'logs:write',
    answer: answerAcks,
  },
]

/** @returns the channel of a request: any text, for nothing is kept by it */
export function channelOf({ headers, query }: WireRequest): string | undefined {
  const sent = headers['x-splunk-request-channel'] ?? (query as { channel?: unknown }).channel
  return typeof sent === 'string' && sent !== '' ? sent : undefined
}

/** An id of acknowledgement is only given out once the events are safe, so that each one stands for yes. */
function answerAcks(request: WireRequest, body: Buffer): WireAnswer {
  if (channelOf(request) === undefined) return hecAnswer(10)
  const acks = readAcks(readJson(decodeUtf8(body)))
  const answer = Object.fromEntries(acks.map((id) => [String(id), true]))
  return { ...hecAnswer(0), body: JSON.stringify({ acks: answer }) }
}

/** @throws AppError invalid_field */
function readAcks(value: JsonValue): readonly number[] {
  const acks = isJsonObject(value) ? value['acks'] : undefined
  if (Array.isArray(acks) && acks.length <= MAX_ACKS && acks.every(Number.isSafeInteger))
    return acks as number[]
  throw new AppError('invalid_field', 'The request does not list ids of acknowledgement', {
    field: '/acks',
    expected: `up to ${MAX_ACKS} integers`,
  })
}

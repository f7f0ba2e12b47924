import type { GatewayRequest } from '@runnel/contracts'
import type { IncomingMessage } from 'node:http'

/** Why a call is not valid, as it is answered. */
export interface Refusal {
  readonly status: number
  readonly message: string
}

const PATH = /^\/v1\/send\/([1-9]\d{0,15})$/

/**
 * What can be decided before the body has come.
 *
 * @returns the message's id, or why it is no call
 */
export function readHead({ method, url, headers }: IncomingMessage, authorization: string): number | Refusal {
  const msgId = PATH.exec(url ?? '')?.[1]
  if (msgId === undefined) return { status: 404, message: 'There is POST /v1/send/{msgId} and nothing else' }
  if (method !== 'POST') return { status: 405, message: 'Only POST is allowed' }
  if (headers.authorization !== authorization) return { status: 401, message: 'The bearer token is wrong' }
  return Number(msgId)
}

/** @param msgId of the path */
export function readBody(text: string, msgId: number): GatewayRequest | Refusal {
  const call = parse(text)
  if (typeof call !== 'object' || call === null) return bad('The body is no JSON object')
  const { id, phone, text: words } = call as Readonly<Record<string, unknown>>
  if (id !== msgId) return bad('id is not the one of the path')
  if (!Number.isSafeInteger(phone) || (phone as number) <= 0) return bad('phone is no number of a phone')
  if (typeof words !== 'string' || words === '') return bad('text is no text')
  return { id: msgId, phone: phone as number, text: words }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function bad(message: string): Refusal {
  return { status: 400, message }
}

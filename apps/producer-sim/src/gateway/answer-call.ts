import type { Behaviour } from '@runnel/contracts/api/fake-gateway'
import type { ServerResponse } from 'node:http'
import type { GatewaySettings } from './gateway-settings.ts'
import type { Refusal } from './read-call.ts'

const OK = Buffer.from('{"code":0,"message":"OK"}')
const OK_HEADERS = ['content-type', 'application/json', 'content-length', String(OK.length)]
const GARBAGE = '<html><body>502 Bad Gateway'

type Delays = Pick<GatewaySettings, 'latencyMs' | 'slowMs' | 'retryAfterSeconds'>

/** Answers a call, or does not, as the behaviour wants it. */
export function answerCall(response: ServerResponse, behaviour: Behaviour, settings: Delays): void {
  const delayMs = settings.latencyMs + (behaviour === 'slow' ? settings.slowMs : 0)
  if (delayMs === 0) return answerNow(response, behaviour, settings)
  const timer = setTimeout(() => answerNow(response, behaviour, settings), delayMs)
  response.once('close', () => clearTimeout(timer))
}

function answerNow(response: ServerResponse, behaviour: Behaviour, { retryAfterSeconds }: Delays): void {
  switch (behaviour) {
    case 'ok':
    case 'slow':
      response.writeHead(200, OK_HEADERS)
      response.end(OK)
      return
    case 'hang':
      return
    case 'reset-before':
    case 'reset-after-accept':
      response.socket?.resetAndDestroy()
      return
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end(GARBAGE)
      return
    case 'nonzero-code':
      return answerJson(response, 200, 17, 'The operator does not answer')
    case '429':
      response.setHeader('retry-after', String(retryAfterSeconds))
      return answerJson(response, 429, 429, 'Too many messages')
    case '400':
      return answerJson(response, 400, 400, 'There is no such subscriber')
    case '401':
      return answerJson(response, 401, 401, 'The bearer token is wrong')
    case '403':
      return answerJson(response, 403, 403, 'The account may not send')
    case '404':
      return answerJson(response, 404, 404, 'There is no such address')
    case '204':
      response.writeHead(204)
      response.end()
      return
    case '500':
      return answerJson(response, 500, 500, 'Something went wrong')
  }
}

/** Answers what is no call. */
export function refuse(response: ServerResponse, { status, message }: Refusal): void {
  if (status === 405) response.setHeader('allow', 'POST')
  if (status === 503) response.setHeader('retry-after', '1')
  // The rest of a body that is too long is not read.
  if (status === 413) response.setHeader('connection', 'close')
  answerJson(response, status, status, message)
}

function answerJson(response: ServerResponse, status: number, code: number, message: string): void {
  const body = JSON.stringify({ code, message })
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

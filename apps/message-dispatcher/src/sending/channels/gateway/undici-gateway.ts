import { gatewayPath, type GatewayRequest } from '@runnel/contracts'
import type { Logger } from '@runnel/observability'
import { buildConnector, Pool } from 'undici'
import type { Clock } from '../../../clock.ts'
import { oneLine } from '../../../one-line.ts'
import type { Channel, OutgoingMessage, SendContext, SendResult } from '../channel.ts'
import type { AnswerRules } from './judge-answer.ts'
import { HttpAttempt } from '../http/http-attempt.ts'
import { passOverContinue } from '../http/pass-over-continue.ts'
import { judgeAttempt, type AttemptEnd } from './judge-attempt.ts'

/** Characters of a detail. */
const MAX_DETAIL = 200

/** Characters of an answer in the log. */
const MAX_LOGGED = 4096

interface Redaction {
  /** For a row: short, one line, without the token. */
  detail(text: string): string
  /** For the log: without the token. */
  logged(text: string): string
}

/** A gateway may echo the request, token included. The token is removed before the text is cut, so that no part of it stays. */
function createRedaction(token: string): Redaction {
  const escaped = JSON.stringify(token).slice(1, -1)
  const redact = (text: string) => text.replaceAll(token, '***').replaceAll(escaped, '***')
  return {
    detail: (text) => oneLine(redact(text), MAX_DETAIL),
    logged: (text) => redact(text).slice(0, MAX_LOGGED),
  }
}

export interface GatewayOptions {
  /** Base URL: its path is put before `/v1/send/{msgId}`, its query behind. */
  readonly url: string
  readonly token: string
  /** Of a whole attempt, waiting for a free connection included. */
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  readonly connections: number
  /** A longer answer is not read to its end. */
  readonly maxAnswerBytes: number
  readonly success: AnswerRules['success']
  readonly transientCodes: readonly number[]
}

export interface GatewayDeps {
  readonly clock: Clock
  readonly log: Logger
}

function connectorOf(timeout: number): buildConnector.connector {
  const connect = buildConnector({ timeout })
  return (options, callback) =>
    connect(options, (...[error, socket]) =>
      error ? callback(error, null) : callback(null, passOverContinue(socket) as typeof socket),
    )
}

/** The gateway over HTTP. Connects with the first attempt; follows no redirects and repeats no requests. */
export function createUndiciGateway(options: GatewayOptions, { clock, log }: GatewayDeps): Channel {
  const { timeoutMs } = options
  const base = new URL(options.url)
  const prefix = base.pathname.replace(/\/+$/, '')
  const redaction = createRedaction(options.token)
  const headers = ['authorization', `Bearer ${options.token}`, 'content-type', 'application/json']
  const rules = {
    ...{ maxAnswerBytes: options.maxAnswerBytes, success: options.success },
    transientCodes: new Set(options.transientCodes),
  }
  const pool = new Pool(base.origin, {
    connections: options.connections,
    connect: connectorOf(Math.min(options.connectTimeoutMs, timeoutMs)),
    pipelining: 1,
    maxResponseSize: options.maxAnswerBytes,
    // The timer of the attempt is exact and ends first; these are a safety net.
    headersTimeout: timeoutMs + 1000,
    bodyTimeout: timeoutMs + 1000,
  })

  let closing: Promise<void> | undefined

  function toResult(
    { body: _, detail, ...end }: AttemptEnd,
    startedAtMs: number,
    startedMs: number,
  ): SendResult {
    const durationMs = Math.round(performance.now() - startedMs)
    if (detail === undefined) return { ...end, startedAtMs, durationMs }
    return { ...end, detail: redaction.detail(detail), startedAtMs, durationMs }
  }

  function logAttempt(
    request: GatewayRequest,
    context: SendContext,
    end: AttemptEnd,
    result: SendResult,
  ): void {
    const response = { ...result, body: redaction.logged(end.body) }
    log.debug({ ...context, messageId: request.id, request, response }, 'sent through the gateway')
  }

  return {
    send({ id, phone, text }: OutgoingMessage, context) {
      const request: GatewayRequest = { id, phone, text }
      const startedAtMs = clock.nowMs()
      const startedMs = performance.now()
      return new Promise((resolve) => {
        const attempt = new HttpAttempt(timeoutMs, (raw) => {
          const end = judgeAttempt(raw, rules, clock.nowMs())
          const result = toResult(end, startedAtMs, startedMs)
          if (log.isLevelEnabled('debug')) logAttempt(request, context, end, result)
          resolve(result)
        })
        const path = prefix + gatewayPath(id) + base.search
        pool.dispatch({ method: 'POST', path, headers, body: JSON.stringify(request) }, attempt)
      })
    },
    close: () => (closing ??= pool.close()),
  }
}

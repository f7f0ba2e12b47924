import { createInbox, headers as natsHeaders, type Msg, type MsgHdrs, type NatsConnection } from 'nats'
import { HEADERS } from '@runnel/contracts'
import { PublishRefusedError, PublishUnknownError } from '../publish-errors.ts'
import type { OutgoingMessage } from '../ports.ts'
import { isPublishable } from '../is-publishable.ts'
import type { Link } from './link.ts'
import { publishErrorOf, type PubAck } from './publish-error.ts'

interface Waiting {
  readonly subject: string
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** Status of the answer to a publish that no stream takes. */
const NO_RESPONDERS = 503

/**
 * Publishes that wait for JetStream's confirmation. In place of the client's `js.publish`, whose requests would
 * outlive their connection for seconds: here they end with it.
 */
export class PublishRequests {
  readonly #link: Link
  readonly #onNoStream: (subject: string) => void
  readonly #waiting = new Map<string, Waiting>()
  readonly #inbox: string
  #next = 0

  /** @param onNoStream called with the subject of a publish that no stream took */
  constructor(link: Link, onNoStream: (subject: string) => void) {
    this.#link = link
    this.#inbox = createInbox(link.inboxPrefix)
    this.#onNoStream = onNoStream
    link.onUp((nc) => this.#subscribe(nc))
    link.onDown(() => this.#abandon())
  }

  /** As in the port. */
  publish(message: OutgoingMessage, timeoutMs: number): Promise<void> {
    const nc = this.#link.connection
    if (!isPublishable(message.subject)) {
      return Promise.reject(new PublishRefusedError('rejected', new Error('The subject is malformed')))
    }
    if (nc === undefined) return Promise.reject(new PublishUnknownError('The broker is unreachable'))
    return new Promise((resolve, reject) => {
      const token = (this.#next++).toString(36)
      const timer = setTimeout(() => {
        this.#waiting.delete(token)
        reject(new PublishUnknownError(`No confirmation within ${timeoutMs} ms`))
      }, timeoutMs)
      this.#waiting.set(token, { subject: message.subject, resolve, reject, timer })
      try {
        const reply = `${this.#inbox}.${token}`
        nc.publish(message.subject, message.payload, { reply, headers: headersOf(message) })
      } catch (error) {
        this.#take(token)?.reject(publishFailure(error))
      }
    })
  }

  /** Resolves when no publish waits any more. */
  async idle(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs
    while (this.#waiting.size > 0 && performance.now() < until)
      await new Promise((done) => setTimeout(done, 5))
  }

  #subscribe(nc: NatsConnection): void {
    const at = this.#inbox.length + 1
    nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, msg) => {
        if (error !== null) return
        const waiting = this.#take(msg.subject.slice(at))
        if (waiting !== undefined) this.#answer(waiting, msg)
      },
    })
  }

  /** Never throws: an exception in a callback would end the client's reading. */
  #answer(waiting: Waiting, msg: Msg): void {
    if (msg.data.length === 0 && msg.headers?.code === NO_RESPONDERS) {
      this.#onNoStream(waiting.subject)
      waiting.reject(new PublishUnknownError('No stream takes messages of this subject'))
      return
    }
    const failure = publishErrorOf(parseAck(msg))
    if (failure === undefined) waiting.resolve()
    else waiting.reject(failure)
  }

  #take(token: string): Waiting | undefined {
    const waiting = this.#waiting.get(token)
    if (waiting === undefined) return undefined
    this.#waiting.delete(token)
    clearTimeout(waiting.timer)
    return waiting
  }

  #abandon(): void {
    for (const token of [...this.#waiting.keys()]) {
      this.#take(token)?.reject(new PublishUnknownError('The connection broke before the confirmation'))
    }
  }
}

function headersOf(message: OutgoingMessage): MsgHdrs {
  const headers = natsHeaders()
  for (const name in message.headers) headers.append(name, message.headers[name]!)
  headers.append(HEADERS.messageId, message.messageId)
  return headers
}

function parseAck(msg: Msg): PubAck {
  try {
    return msg.json<PubAck>()
  } catch {
    return {}
  }
}

/** What the client throws before anything was sent: too large, a bad header or subject, or closed meanwhile. */
function publishFailure(error: unknown): Error {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'MAX_PAYLOAD_EXCEEDED') return new PublishRefusedError('too_large', error)
  if (code === 'CONNECTION_CLOSED' || code === 'CONNECTION_DRAINING') {
    return new PublishUnknownError('The connection was closed', error)
  }
  return new PublishRefusedError('rejected', error)
}

import { HEADERS } from '@runnel/contracts'
import type { ChannelModel, ConfirmChannel, Message as AmqpMessage } from 'amqplib'
import { isPublishable } from '../is-publishable.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type { OutgoingMessage } from '../ports.ts'
import { PublishRefusedError, PublishUnknownError } from '../publish-errors.ts'
import type { Link } from './link.ts'
import { QueueStates } from './queue-states.ts'

/** Below what any supported server takes by default (4.x: 16 MiB): past its limit it closes the channel, and all in flight with it. */
const MAX_PAYLOAD_BYTES = 8 * 1024 ** 2
/** Of messages that were written and are not confirmed, also of those whose caller has given up. */
const MAX_UNCONFIRMED_BYTES = 64 * 1024 ** 2
/** A queue that was emptied takes messages again a moment later. */
const RETRY_EMPTY_MS = 20
const REOPEN_MS = 250

/** Where messages of a subject go, and the largest that may. */
interface Route {
  readonly queue: string
  readonly maxBytes: number
}

interface PublisherOptions {
  readonly link: Link
  readonly log: MessagingLog
  /** @returns undefined for a subject without a stream */
  readonly routeOf: (subject: string) => Route | undefined
  /** Called with the subject of a publish whose queue is missing. */
  readonly onNoQueue: (subject: string) => void
}

/** One message that was written to a channel. */
interface Unconfirmed {
  /** What came back for lack of a queue: RabbitMQ returns a message before it confirms it. */
  isReturned: boolean
  readonly settle: (outcome: Outcome) => void
}

type Outcome = 'confirmed' | 'returned' | 'refused' | 'lost'

/**
 * Publishes with confirms and `mandatory`, so that a message that no queue takes is returned and fails. It uses a connection on
 * which nothing else is asked: the server stops reading a publisher's connection while its memory or disk is used up.
 */
export class ConfirmedPublisher {
  readonly #options: PublisherOptions
  readonly #states: QueueStates
  readonly #unconfirmed = new Map<string, Unconfirmed>()
  #channel: ConfirmChannel | undefined
  #unconfirmedBytes = 0
  #blockedAt: number | undefined
  #next = 0

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#states = new QueueStates(options.link)
    options.link.beforeUse((connection) => this.#open(connection))
    options.link.onDown(() => {
      this.#channel = undefined
      this.#blockedAt = undefined
      this.#abandon()
    })
  }

  /** As in the port. */
  async publish(message: OutgoingMessage, timeoutMs: number): Promise<void> {
    const route = this.#routeOf(message)
    const until = performance.now() + timeoutMs
    for (;;) {
      const outcome = await this.#attempt(message, route.queue, until)
      if (outcome === 'confirmed') return
      if (outcome === 'lost') throw new PublishUnknownError('The connection broke before the confirmation')
      if (outcome === 'late') throw new PublishUnknownError(`No confirmation within ${timeoutMs} ms`)
      const state = outcome === 'returned' ? 'missing' : await this.#states.look(route.queue)
      if (state === 'missing') {
        this.#options.onNoQueue(message.subject)
        throw new PublishUnknownError('No queue takes messages of this subject')
      }
      if (state === 'unknown')
        throw new PublishUnknownError('The broker refused the message for no known reason')
      if (state === 'filled') throw new PublishRefusedError('full')
      // Empty: the refusal is of a moment ago. The message is not stored, so that it may be sent again.
      if (performance.now() + RETRY_EMPTY_MS >= until) throw new PublishRefusedError('full')
      await new Promise((done) => setTimeout(done, RETRY_EMPTY_MS))
    }
  }

  /** Milliseconds since the server last took messages. */
  unreachableMs(): number {
    const blockedMs = this.#blockedAt === undefined ? 0 : Math.max(1, performance.now() - this.#blockedAt)
    return Math.max(blockedMs, this.#options.link.unreachableMs())
  }

  /** Resolves when no publish waits any more, or cannot be confirmed for now. */
  async idle(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs
    while (this.#unconfirmed.size > 0 && this.#blockedAt === undefined && performance.now() < until)
      await new Promise((done) => setTimeout(done, 5))
  }

  /** @throws why a message cannot be sent at all */
  #routeOf({ subject, payload }: OutgoingMessage): Route {
    if (!isPublishable(subject))
      throw new PublishRefusedError('rejected', new Error('The subject is malformed'))
    const route = this.#options.routeOf(subject)
    if (route === undefined) throw new PublishUnknownError('No queue takes messages of this subject')
    if (payload.length > MAX_PAYLOAD_BYTES) throw new PublishRefusedError('too_large')
    // The limit of a queue is soft: an empty one would take it.
    if (payload.length > route.maxBytes) throw new PublishRefusedError('full')
    return route
  }

  #attempt(message: OutgoingMessage, queue: string, until: number): Promise<Outcome | 'late'> {
    const channel = this.#channel
    if (channel === undefined) throw new PublishUnknownError('The broker is unreachable')
    if (this.#blockedAt !== undefined)
      throw new PublishUnknownError('The broker takes no messages: its memory or its disk is used up')
    const bytes = message.payload.length
    if (this.#unconfirmedBytes > 0 && this.#unconfirmedBytes + bytes > MAX_UNCONFIRMED_BYTES)
      throw new PublishUnknownError('The broker does not confirm what was sent')
    return new Promise((resolve) => {
      const token = (this.#next++).toString(36)
      const timer = setTimeout(() => resolve('late'), Math.max(1, until - performance.now()))
      this.#unconfirmedBytes += bytes
      const settle = (outcome: Outcome): void => {
        if (!this.#unconfirmed.delete(token)) return
        clearTimeout(timer)
        this.#unconfirmedBytes -= bytes
        resolve(outcome)
      }
      this.#unconfirmed.set(token, { isReturned: false, settle })
      try {
        channel.publish('', queue, bufferOf(message.payload), propertiesOf(message, token), (error) =>
          this.#answer(token, error),
        )
      } catch {
        // The channel closed meanwhile.
        settle('lost')
      }
    })
  }

  /** @param error of the client: the server said no, or the channel was closed */
  #answer(token: string, error: unknown): void {
    const unconfirmed = this.#unconfirmed.get(token)
    if (unconfirmed === undefined) return
    if (unconfirmed.isReturned) unconfirmed.settle('returned')
    else if (!error) unconfirmed.settle('confirmed')
    else unconfirmed.settle(this.#channel === undefined ? 'lost' : 'refused')
  }

  async #open(connection: ChannelModel): Promise<void> {
    const channel = await connection.createConfirmChannel()
    channel.on('return', (returned: AmqpMessage) => this.#markReturned(returned))
    channel.on('error', (error) =>
      this.#options.log.warn({ err: error }, 'The broker closed the channel of publishes'),
    )
    // Before the client answers the publishes in flight: they are lost, not refused.
    channel.prependListener('close', () => {
      if (this.#channel !== channel) return
      this.#channel = undefined
      this.#abandon()
      this.#reopenSoon(connection)
    })
    connection.on('blocked', (reason) => this.#block(reason))
    connection.on('unblocked', () => {
      this.#blockedAt = undefined
      this.#options.log.info({}, 'The broker takes messages again')
    })
    this.#channel = channel
  }

  #markReturned({ properties }: AmqpMessage): void {
    const unconfirmed = this.#unconfirmed.get(String(properties.correlationId))
    if (unconfirmed !== undefined) unconfirmed.isReturned = true
  }

  #block(reason: string): void {
    this.#blockedAt ??= performance.now()
    this.#options.log.warn({ reason }, 'The broker takes no messages until it has room again')
    // They may be stored once it has.
    this.#abandon()
  }

  #abandon(): void {
    for (const { settle } of [...this.#unconfirmed.values()]) settle('lost')
  }

  #reopenSoon(connection: ChannelModel): void {
    setTimeout(() => {
      if (this.#channel !== undefined || this.#options.link.connection !== connection) return
      this.#open(connection).catch(() => this.#reopenSoon(connection))
    }, REOPEN_MS).unref()
  }
}

function bufferOf(payload: Uint8Array): Buffer {
  return Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
}

function propertiesOf(message: OutgoingMessage, token: string) {
  return {
    mandatory: true,
    persistent: true,
    messageId: message.messageId,
    correlationId: token,
    headers: { ...message.headers, [HEADERS.sentAt]: String(Date.now()) },
  }
}

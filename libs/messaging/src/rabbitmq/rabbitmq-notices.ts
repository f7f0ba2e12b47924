import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import { isPublishable } from '../is-publishable.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type { Notices } from '../ports.ts'
import type { Link } from './link.ts'

/** Each process gets what it subscribed to by its subject, so that an answer goes to the one process that waits for it. */
const EXCHANGE = 'runnel.notices'
/** A process that does not read loses the oldest ones. */
const MAX_QUEUED_BYTES = 64 * 1024 ** 2
/** Frames that may wait to be sent: beyond that notices are dropped. */
const MAX_UNSENT_FRAMES = 512
const REOPEN_MS = 500

interface NoticesOptions {
  /** Of publishers: the server may stop reading it. */
  readonly sending: Link
  readonly receiving: Link
  readonly log: MessagingLog
}

type Receive = (payload: Uint8Array) => void

/** Notices over a direct exchange; every process has an exclusive queue, which ends with its connection. */
export class RabbitmqNotices implements Notices {
  readonly #options: NoticesOptions
  readonly #listeners = new Map<string, Set<Receive>>()
  readonly #gaps = new Set<() => void>()
  #sender: Channel | undefined
  #hasRoom = true
  #receiver: { readonly channel: Channel; readonly queue: string } | undefined

  constructor(options: NoticesOptions) {
    this.#options = options
    const { sending, receiving } = options
    sending.beforeUse((connection) => this.#openSender(connection))
    sending.onDown(() => (this.#sender = undefined))
    receiving.beforeUse((connection) => this.#openReceiver(connection))
    receiving.onDown(() => (this.#receiver = undefined))
    // Also at a first connection that came late: what was sent before it is missed as well.
    receiving.onUp(() => this.#reportGap())
  }

  send(subject: string, payload: Uint8Array): void {
    if (!isPublishable(subject)) {
      this.#options.log.warn(
        { subject: subject.slice(0, 100) },
        'A notice was not sent: its subject is malformed',
      )
      return
    }
    if (this.#sender === undefined || !this.#hasRoom) return
    try {
      this.#hasRoom = this.#sender.publish(EXCHANGE, subject, Buffer.from(payload))
    } catch (error) {
      this.#options.log.debug({ subject, err: error }, 'A notice was not sent')
    }
  }

  subscribe(subject: string, receive: Receive): () => void {
    const known = this.#listeners.get(subject)
    const listeners = known ?? new Set()
    listeners.add(receive)
    this.#listeners.set(subject, listeners)
    if (known === undefined) this.#bindSoon(subject)
    return () => {
      if (!listeners.delete(receive) || listeners.size > 0) return
      this.#listeners.delete(subject)
      this.#unbindSoon(subject)
    }
  }

  onGap(listener: () => void): () => void {
    this.#gaps.add(listener)
    return () => this.#gaps.delete(listener)
  }

  async #openSender(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel({ highWaterMark: MAX_UNSENT_FRAMES })
    channel.on('drain', () => (this.#hasRoom = true))
    this.#onClosed(channel, this.#options.sending, connection, () => {
      if (this.#sender === channel) this.#sender = undefined
      return this.#openSender(connection)
    })
    await channel.assertExchange(EXCHANGE, 'direct', { durable: true })
    this.#hasRoom = true
    this.#sender = channel
  }

  async #openReceiver(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel()
    this.#onClosed(channel, this.#options.receiving, connection, async () => {
      if (this.#receiver?.channel === channel) this.#receiver = undefined
      await this.#openReceiver(connection)
      this.#reportGap()
    })
    await channel.assertExchange(EXCHANGE, 'direct', { durable: true })
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      durable: false,
      autoDelete: true,
      arguments: { 'x-queue-type': 'classic', 'x-max-length-bytes': MAX_QUEUED_BYTES },
    })
    await Promise.all(
      [...this.#listeners.keys()].map((subject) => channel.bindQueue(queue, EXCHANGE, subject)),
    )
    await channel.consume(
      queue,
      (message) => {
        if (message === null) channel.close().catch(() => undefined)
        else this.#receive(message)
      },
      { noAck: true },
    )
    this.#receiver = { channel, queue }
    // Subscribed meanwhile; a second binding of a subject changes nothing.
    for (const subject of this.#listeners.keys()) this.#bindSoon(subject)
  }

  #receive({ fields, content }: ConsumeMessage): void {
    for (const receive of this.#listeners.get(fields.routingKey) ?? []) {
      try {
        receive(content)
      } catch (error) {
        this.#options.log.error({ subject: fields.routingKey, err: error }, 'A notice could not be handled')
      }
    }
  }

  #bindSoon(subject: string): void {
    const receiver = this.#receiver
    receiver?.channel.bindQueue(receiver.queue, EXCHANGE, subject).catch((error: unknown) => {
      // With a channel that ends nothing is lost: the next one is bound to all subjects, and reports the gap.
      if (isRefusal(error)) this.#options.log.error({ subject, err: error }, 'Notices cannot be received')
      else this.#options.log.debug({ subject, err: error }, 'The channel of notices closed')
    })
  }

  #unbindSoon(subject: string): void {
    const receiver = this.#receiver
    receiver?.channel.unbindQueue(receiver.queue, EXCHANGE, subject).catch((error: unknown) => {
      this.#options.log.debug({ subject, err: error }, 'The channel of notices closed')
    })
  }

  /** A channel that the server closes is opened again over the same connection, for as long as that lives. */
  #onClosed(channel: Channel, link: Link, connection: ChannelModel, reopen: () => Promise<void>): void {
    channel.on('error', (error) =>
      this.#options.log.warn({ err: error }, 'The broker closed the channel of notices'),
    )
    channel.on('close', () => {
      setTimeout(() => {
        if (link.connection !== connection) return
        reopen().catch((error: unknown) =>
          this.#options.log.debug({ err: error }, 'The channel of notices could not be opened'),
        )
      }, REOPEN_MS).unref()
    })
  }

  #reportGap(): void {
    for (const listener of this.#gaps) listener()
  }
}

/** What the server itself refuses has a reply code of AMQP; what was under way as a channel or a connection ended has none. */
function isRefusal(error: unknown): boolean {
  return typeof (error as { readonly code?: unknown }).code === 'number'
}

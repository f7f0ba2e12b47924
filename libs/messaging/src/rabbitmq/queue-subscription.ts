import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import type { BatchPump } from '../batch-pump.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type { StreamSpec } from '../ports.ts'
import { HeldMessage, type Settlement } from './held-message.ts'
import { Prefetch } from './prefetch.ts'
import { withTimeout } from './with-timeout.ts'

/** Why a subscription ended: by the caller, with its channel, by the server, or because a message was held for too long. */
type SubscriptionEnd = 'stopped' | 'lost' | 'cancelled' | 'held'

interface SubscriptionOptions {
  readonly connection: ChannelModel
  readonly queue: string
  readonly spec: StreamSpec
  readonly pump: BatchPump
  readonly prefetch: Prefetch
  readonly log: MessagingLog
}

/**
 * The server takes back what is not acknowledged within 30 minutes (`consumer_timeout`), and ends the consumer or its channel.
 * What is still being handled after this is given back before, all of it: the database has been unreachable for that long.
 */
const MAX_HOLD_MS = 20 * 60_000
const SWEEPS_PER_ACK_WAIT = 4
const MAX_SWEEP_MS = 1_000
const RPC_TIMEOUT_MS = 3_000
const CLOSE_TIMEOUT_MS = 1_000

/** Takes messages from one queue into a pump, over a channel of its own. What it holds returns when the channel closes. */
export class QueueSubscription {
  readonly #options: SubscriptionOptions
  readonly #channel: Channel
  readonly #held = new Set<HeldMessage>()
  readonly #end = Promise.withResolvers<SubscriptionEnd>()
  readonly #sweeper: NodeJS.Timeout
  readonly #settlement: Settlement
  #heldBytes = 0
  #tag: string | undefined
  #isOpen = true
  #isChanging = false
  #isStopping = false

  private constructor(options: SubscriptionOptions, channel: Channel) {
    this.#options = options
    this.#channel = channel
    this.#settlement = {
      remove: (message) => this.#release(message, (amqp) => channel.ack(amqp)),
      giveBack: (message) => this.#release(message, (amqp) => channel.nack(amqp, false, true)),
    }
    channel.on('error', (error) =>
      options.log.warn({ queue: options.queue, err: error }, 'The broker closed the channel of a consumer'),
    )
    channel.on('close', () => this.#over('lost'))
    const everyMs = Math.min(MAX_SWEEP_MS, options.spec.ackWaitMs / SWEEPS_PER_ACK_WAIT)
    this.#sweeper = setInterval(() => this.#sweep(), everyMs)
  }

  /** @throws Error where the queue is missing or may not be read */
  static async start(options: SubscriptionOptions): Promise<QueueSubscription> {
    const channel = await withTimeout(options.connection.createChannel(), RPC_TIMEOUT_MS, 'Opening a channel')
    const subscription = new QueueSubscription(options, channel)
    try {
      await subscription.#consume()
    } catch (error) {
      await subscription.close()
      throw error
    }
    return subscription
  }

  /** Resolves when no more messages come. */
  get ended(): Promise<SubscriptionEnd> {
    return this.#end.promise
  }

  /** Messages that were delivered and are not settled. */
  get unsettled(): number {
    return this.#held.size
  }

  /** Takes no more; what is held can still be settled until close(). */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#end.resolve('stopped')
    await this.#cancel().catch(() => undefined)
  }

  /** Sends the acknowledgements on the way, and gives back what is held. */
  async close(): Promise<void> {
    this.#end.resolve('stopped')
    const isOpen = this.#isOpen
    this.#forgetAll()
    if (!isOpen) return
    try {
      await withTimeout(this.#channel.close(), CLOSE_TIMEOUT_MS, 'Closing a channel')
    } catch {
      // It closes with its connection.
    }
  }

  async #consume(): Promise<void> {
    const { prefetch, queue } = this.#options
    await withTimeout(this.#channel.prefetch(prefetch.count, false), RPC_TIMEOUT_MS, 'Setting the prefetch')
    const consuming = this.#channel.consume(queue, (amqp) => this.#receive(amqp))
    this.#tag = (await withTimeout(consuming, RPC_TIMEOUT_MS, 'Consuming')).consumerTag
    // Stopped meanwhile, when there was nothing to cancel yet.
    if (this.#isStopping) await this.#cancel()
  }

  async #cancel(): Promise<void> {
    const tag = this.#tag
    this.#tag = undefined
    if (tag !== undefined && this.#isOpen)
      await withTimeout(this.#channel.cancel(tag), RPC_TIMEOUT_MS, 'Cancelling')
  }

  #receive(amqp: ConsumeMessage | null): void {
    // The queue was deleted or has moved, or the server took back what was held.
    if (amqp === null) return this.#over('cancelled')
    const { prefetch, pump, spec } = this.#options
    const bytes = amqp.content.length
    if (this.#held.size > 0 && this.#heldBytes + bytes > prefetch.maxBytes) {
      this.#trySending(() => this.#channel.nack(amqp, false, true))
      if (prefetch.lower()) this.#changePrefetch()
      return
    }
    const message = new HeldMessage(amqp, spec, this.#settlement)
    this.#held.add(message)
    this.#heldBytes += bytes
    pump.push(message)
    if (prefetch.observe(bytes)) this.#changePrefetch()
  }

  /** A consumer keeps the prefetch that it began with; what is held stays with the channel. */
  #changePrefetch(): void {
    if (this.#isChanging || this.#isStopping) return
    this.#isChanging = true
    this.#cancel()
      .then(() => (this.#isStopping ? undefined : this.#consume()))
      .catch(() => this.#over('lost'))
      .finally(() => (this.#isChanging = false))
  }

  #release(message: HeldMessage, send: (amqp: ConsumeMessage) => void): void {
    if (!this.#held.delete(message)) return
    this.#heldBytes -= message.payload.length
    message.forget()
    this.#trySending(() => send(message.amqp))
  }

  /** What cannot be sent any more is delivered again. */
  #trySending(send: () => void): void {
    if (!this.#isOpen) return
    try {
      send()
    } catch {
      this.#over('lost')
    }
  }

  #sweep(): void {
    const now = performance.now()
    for (const message of this.#held) {
      if (now - message.heldSince > MAX_HOLD_MS) return this.#over('held')
      if (message.isOverdue(now)) this.#settlement.giveBack(message)
    }
  }

  #over(why: SubscriptionEnd): void {
    this.#end.resolve(why)
    if (why === 'lost') this.#forgetAll()
  }

  #forgetAll(): void {
    this.#isOpen = false
    clearInterval(this.#sweeper)
    for (const message of this.#held) message.forget()
    this.#held.clear()
    this.#heldBytes = 0
  }
}

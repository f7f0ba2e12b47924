import type { Msg } from 'nats'
import type { Message, Position } from '../ports.ts'
import { readHeaders, type ReceivedBytes } from './read-headers.ts'

/** Sends an acknowledgement to its subject, unless the stream has begun another life since the delivery. */
export type Settle = (message: NatsMessage, replySubject: string, payload: Uint8Array) => void

const ACK = Buffer.from('+ACK')
const NAK = Buffer.from('-NAK')
const IN_PROGRESS = Buffer.from('+WPI')
/** Without a reason: 2.9 does not understand `+TERM reason` and delivers the message again (server-2-9/README.md). */
const TERM = Buffer.from('+TERM')

interface Delivery {
  readonly stream: string
  readonly deliveries: number
  readonly sequence: number
  readonly timestampNs: bigint
}

/** A message of JetStream. Its reply subject carries what the server knows of it. */
export class NatsMessage implements Message {
  /** The life of the stream that it was delivered from, see StreamKeeper: the server's id, and when the stream was created. */
  readonly life: string | undefined
  readonly subject: string
  readonly payload: Uint8Array
  readonly stream: string
  readonly deliveries: number
  readonly #sequence: number
  readonly #timestampNs: bigint
  readonly #msg: Msg
  readonly #reply: string
  readonly #settle: Settle
  #settled = false
  #headers: ReadonlyMap<string, string> | undefined

  /** @throws when it is not a message of JetStream */
  constructor(msg: Msg, life: string | undefined, settle: Settle) {
    this.#msg = msg
    this.#reply = msg.reply ?? ''
    this.#settle = settle
    this.life = life
    this.subject = msg.subject
    this.payload = msg.data
    const delivery = parseDelivery(this.#reply)
    this.stream = delivery.stream
    this.#sequence = delivery.sequence
    this.#timestampNs = delivery.timestampNs
    this.deliveries = delivery.deliveries
  }

  /** A sequence alone would come again in a stream that was created again. */
  get identity(): string {
    return `${this.#sequence}\n${this.#timestampNs}`
  }

  get position(): Position {
    const timeMs = Number(this.#timestampNs / 1_000_000n)
    return { timeMs, tie: this.#sequence, life: this.life?.slice(this.life.indexOf(' ') + 1) }
  }

  header(name: string): string | undefined {
    this.#headers ??= readHeaders(this.#msg as Msg & ReceivedBytes)
    return this.#headers.get(name)
  }

  ack(): void {
    this.#finish(ACK)
  }

  nak(delayMs: number): void {
    this.#finish(delayMs > 0 ? Buffer.from(`-NAK {"delay":${Math.round(delayMs * 1e6)}}`) : NAK)
  }

  term(_reason: string): void {
    this.#finish(TERM)
  }

  inProgress(): void {
    if (!this.#settled) this.#settle(this, this.#reply, IN_PROGRESS)
  }

  #finish(payload: Uint8Array): void {
    if (this.#settled) return
    this.#settled = true
    this.#settle(this, this.#reply, payload)
  }
}

/**
 * `$JS.ACK.<stream>.<durable>.<deliveries>.<stream sequence>.<durable sequence>.<timestamp>.<pending>`; newer servers
 * may put domain and account hash after ACK, and a token at the end.
 */
export function parseDelivery(reply: string): Delivery {
  const tokens = reply.split('.')
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) {
    throw new Error(`Not a message of JetStream: ${reply}`)
  }
  const at = tokens.length === 9 ? 2 : 4
  return {
    stream: tokens[at]!,
    deliveries: Number(tokens[at + 2]),
    sequence: Number(tokens[at + 3]),
    timestampNs: BigInt(tokens[at + 5]!),
  }
}

import { createInbox, nanos, type Msg, type NatsConnection, type Subscription } from 'nats'
import type { BatchPump } from '../batch-pump.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type { Message, StreamSpec } from '../ports.ts'
import type { Link } from './link.ts'

/** Why pulling ended: by the caller, with the connection, or because stream or durable are gone or silent. */
type PullEnd = 'aborted' | 'lost' | 'gone'

interface PullOptions {
  readonly nc: NatsConnection
  readonly link: Link
  readonly spec: StreamSpec
  readonly pump: BatchPump
  readonly signal: AbortSignal
  readonly log: MessagingLog
  readonly toMessage: (msg: Msg) => Message
}

const EXPIRES_MS = 5_000
const HEARTBEAT_MS = 1_000
/** Without a message or heartbeat for this long a pull counts as lost. */
const SILENCE_MS = 3_000
const DRAIN_TIMEOUT_MS = 1_000

/**
 * Pulls from a durable into a pump over one connection, one request at a time, never more than the pump has
 * capacity for. In place of the client's consume(), which neither throws nor ends when its server or its durable is gone.
 */
export class Pull {
  readonly #options: PullOptions
  readonly #inbox: string
  readonly #subscription: Subscription
  readonly ended: Promise<PullEnd>
  #end!: (why: PullEnd) => void
  #outstanding = 0
  #received = 0
  #oversized = false
  #heardAt = performance.now()
  #over = false

  constructor(options: PullOptions) {
    this.#options = options
    this.ended = new Promise((resolve) => (this.#end = resolve))
    this.#inbox = createInbox(options.link.inboxPrefix)
    this.#subscription = options.nc.subscribe(this.#inbox, {
      // An error is that the server does not allow the inbox: without one, nothing can be pulled.
      callback: (error, msg) => (error === null ? this.#receive(msg) : this.#end('gone')),
    })
    const watchdog = setInterval(() => this.#checkSilence(), HEARTBEAT_MS)
    const offDown = options.link.onDown(() => this.#end('lost'))
    const onAbort = () => this.#end('aborted')
    options.signal.addEventListener('abort', onAbort, { once: true })
    void this.ended.then(() => {
      this.#over = true
      clearInterval(watchdog)
      offDown()
      options.signal.removeEventListener('abort', onAbort)
    })
    if (options.signal.aborted) this.#end('aborted')
    this.requestMore()
  }

  /** Requests as many messages as the pump has capacity for, unless a request is under way. */
  requestMore(): void {
    if (this.#over || this.#outstanding > 0 || this.#options.signal.aborted) return
    const { nc, spec, pump } = this.#options
    const free = pump.freeCapacity()
    // A message beyond the byte limit is fetched by itself once nothing else is held.
    const alone = this.#oversized && pump.isEmpty
    if (free.messages === 0 || (this.#oversized && !alone)) return
    const request = {
      batch: alone ? 1 : free.messages,
      ...(!alone && { max_bytes: free.bytes }),
      expires: nanos(EXPIRES_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    }
    this.#outstanding = request.batch
    this.#received = 0
    this.#heardAt = performance.now()
    try {
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${spec.stream}.${spec.durable}`
      nc.publish(subject, JSON.stringify(request), { reply: this.#inbox })
    } catch {
      this.#end('lost')
    }
  }

  /** Ends the subscription; what arrives until the server knows of it still goes to the pump. */
  async close(): Promise<void> {
    if (this.#options.nc.isClosed()) return
    const late = new Promise<void>((resolve) => setTimeout(resolve, DRAIN_TIMEOUT_MS).unref())
    await Promise.race([this.#subscription.drain().catch(() => undefined), late])
  }

  /** Never throws: an exception in a callback would end the client's reading. */
  #receive(msg: Msg): void {
    this.#heardAt = performance.now()
    try {
      // Messages carry the subject they were published to; what is addressed to the inbox is a status.
      if (msg.subject === this.#inbox) {
        this.#receiveStatus(msg)
        return
      }
      this.#received++
      this.#oversized = false
      if (this.#outstanding > 0) this.#outstanding--
      this.#options.pump.push(this.#options.toMessage(msg))
      this.requestMore()
    } catch (error) {
      this.#options.log.error({ stream: this.#options.spec.stream, err: error }, 'A delivery cannot be read')
    }
  }

  #receiveStatus(msg: Msg): void {
    const code = msg.headers?.code ?? 0
    if (code === 100) return
    this.#outstanding = 0
    if (code === 404 || code === 408) this.requestMore()
    else if (code === 409 && isSizeLimit(msg.headers?.description ?? '')) {
      this.#oversized = this.#received === 0
      this.requestMore()
    } else this.#end('gone')
  }

  #checkSilence(): void {
    if (this.#outstanding > 0 && performance.now() - this.#heardAt > SILENCE_MS) this.#end('gone')
    else this.requestMore()
  }
}

/** The protocol has one code, 409, for all ends of a pull; only the text distinguishes a reached max_bytes from a deletion. */
function isSizeLimit(description: string): boolean {
  return /max_?\s?bytes/i.test(description)
}

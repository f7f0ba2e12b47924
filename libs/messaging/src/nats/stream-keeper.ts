import { pause } from '@runnel/runtime'
import type { JetStreamManager, NatsConnection } from 'nats'
import type { MessagingLog } from '../messaging-log.ts'
import type { StreamSpec } from '../ports.ts'
import { maxBytesFor, UNLIMITED } from './server-2-9/byte-limit.ts'
import { ensureDurable, ensureStream, isDefinite, orMissing, serverLife } from './ensure-stream.ts'
import type { Link } from './link.ts'
import { StreamRoom } from './server-2-9/stream-byte-budget.ts'

const API_TIMEOUT_MS = 3_000
/** A publish waits for it. */
const LOOK_TIMEOUT_MS = 500
const RETRY_MS = 250

/** Keeps one stream and its durable in existence: after every connect, and whenever they are found missing. */
export class StreamKeeper {
  readonly #link: Link
  readonly #log: MessagingLog
  #spec: StreamSpec
  #running: { readonly spec: StreamSpec; readonly done: Promise<void> } | undefined
  #live: string | undefined
  #isLimitInForce = false
  readonly #room = new StreamRoom(() => this.#storedBytes())

  constructor(link: Link, spec: StreamSpec, log: MessagingLog) {
    this.#link = link
    this.#spec = spec
    this.#log = log
    link.onDown(() => {
      this.#live = undefined
      this.#isLimitInForce = false
      this.#room.forget()
    })
    link.onUp(() => this.ensureSoon())
  }

  get spec(): StreamSpec {
    return this.#spec
  }

  /** Takes changed limits; the next ensure() applies them. */
  use(spec: StreamSpec): this {
    this.#spec = spec
    return this
  }

  /**
   * Which life of the stream this connection speaks to: its server, which has another id after each start, and the creation
   * time, while it is known to exist. A message may only be acked in the life that it came from. Sequences start anew in a
   * stream that was created again, and after `kill -9` nats-server 2.9 gives the last ones out once more: the ack would
   * remove another message, which nobody has seen.
   */
  get live(): string | undefined {
    return this.#live
  }

  /** Whether the server itself holds the stream to its byte limit. */
  get isLimitInForce(): boolean {
    return this.#isLimitInForce
  }

  /**
   * Takes room for a message within the byte limit, where the server does not hold the stream to it.
   *
   * @throws PublishRefusedError full
   * @throws PublishUnknownError where the server does not tell how full it is
   */
  async requireRoom(payloadBytes: number): Promise<void> {
    // Without a connection nothing is published anyway.
    if (this.#link.nc !== undefined) await this.#room.take(payloadBytes, this.#spec.maxBytes)
  }

  /** Ensures in the background; failures are logged. */
  ensureSoon(): void {
    this.ensure().catch((error: unknown) => {
      if (this.#link.closing.aborted) return
      this.#log.error({ stream: this.spec.stream, err: error }, 'The broker refuses the stream')
    })
  }

  /**
   * Resolves when stream and durable exist as specified; waits while the broker is away.
   *
   * @throws when the broker refuses them for good, or when the link is closed
   */
  ensure(): Promise<void> {
    const spec = this.#spec
    if (this.#running?.spec === spec) return this.#running.done
    // One after the other, so that the last specification is the one that stays.
    const before = this.#running?.done.catch(() => undefined) ?? Promise.resolve()
    const done = before
      .then(() => this.#ensure(spec))
      .finally(() => {
        if (this.#running?.done === done) this.#running = undefined
      })
    this.#running = { spec, done }
    return done
  }

  /** @throws NatsError when the server does not answer */
  async manager(nc: NatsConnection): Promise<JetStreamManager> {
    return nc.jetstreamManager({ checkAPI: false, timeout: API_TIMEOUT_MS })
  }

  async #storedBytes(): Promise<number> {
    const { nc } = this.#link
    if (nc === undefined) throw new Error('The broker is away')
    const jsm = await nc.jetstreamManager({ checkAPI: false, timeout: LOOK_TIMEOUT_MS })
    const { bytes = 0 } = (await orMissing(jsm.streams.info(this.#spec.stream)))?.state ?? {}
    // The server could not be told the limit while the stream held more.
    if (maxBytesFor(nc.info?.version, this.#spec.maxBytes, { maxBytes: UNLIMITED, bytes }) !== UNLIMITED)
      this.ensureSoon()
    return bytes
  }

  async #ensure(spec: StreamSpec): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const nc = await this.#link.whenUp()
      if (nc === undefined) throw new Error('The connection to the broker was closed')
      try {
        const jsm = await this.manager(nc)
        const info = await ensureStream(jsm, spec, nc.info?.version)
        await ensureDurable(jsm, spec, serverLife(nc))
        if (nc !== this.#link.nc) return
        this.#live = `${nc.info?.server_id} ${info.created}`
        this.#isLimitInForce = info.config.max_bytes === spec.maxBytes
        return
      } catch (error) {
        if (isDefinite(error)) throw error
        if (attempt % 20 === 1) {
          this.#log.warn({ stream: spec.stream, err: error }, 'The stream cannot be ensured yet')
        }
        await pause(RETRY_MS, this.#link.closing)
      }
    }
  }
}

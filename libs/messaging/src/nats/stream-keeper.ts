import { pause } from '@runnel/runtime'
import type { JetStreamManager, NatsConnection } from 'nats'
import type { MessagingLog } from '../messaging-log.ts'
import type { StreamSpec } from '../ports.ts'
import { maxBytesFor, UNLIMITED } from './server-2-9/byte-limit.ts'
import { isDefinite, orMissing } from './api-error.ts'
import { ensureDurable } from './ensure-durable.ts'
import { ensureStream } from './ensure-stream.ts'
import type { Link } from './link.ts'
import { serverLife } from './server-2-9/server-life.ts'
import { StreamByteBudget } from './server-2-9/stream-byte-budget.ts'

const API_TIMEOUT_MS = 3_000
/** A publish waits for it. */
const STATE_TIMEOUT_MS = 500
const RETRY_MS = 250

/** Keeps one stream and its durable in existence: after every connect, and whenever they are found missing. */
export class StreamKeeper {
  readonly #link: Link
  readonly #log: MessagingLog
  #spec: StreamSpec
  #running: { readonly spec: StreamSpec; readonly done: Promise<void> } | undefined
  #life: string | undefined
  #isLimitKeptByServer = false
  readonly #byteBudget = new StreamByteBudget(() => this.#storedBytes())

  constructor(link: Link, spec: StreamSpec, log: MessagingLog) {
    this.#link = link
    this.#spec = spec
    this.#log = log
    link.onDown(() => {
      this.#life = undefined
      this.#isLimitKeptByServer = false
      this.#byteBudget.forget()
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
   * The life of the stream that this connection speaks to, while the stream is known to exist: the id of the server, which
   * is another one after each start, and the time of the stream's creation. A message may only be acked in the life that it
   * came from. Sequences start again in a stream that was created again, and after `kill -9` nats-server 2.9 gives the last
   * ones out once more: the ack would remove another message, which no consumer has seen.
   */
  get life(): string | undefined {
    return this.#life
  }

  /** Whether the server itself holds the stream to its byte limit. */
  get isLimitKeptByServer(): boolean {
    return this.#isLimitKeptByServer
  }

  /**
   * Counts a message against the byte limit, where the server does not keep the limit itself.
   *
   * @throws PublishRefusedError full
   * @throws PublishUnknownError where the server does not report how full the stream is
   */
  async reserveBytes(payloadBytes: number): Promise<void> {
    // Without a connection nothing is published anyway.
    if (this.#link.connection !== undefined) await this.#byteBudget.reserve(payloadBytes, this.#spec.maxBytes)
  }

  /** Ensures in the background; failures are logged. */
  ensureSoon(): void {
    this.ensure().catch((error: unknown) => {
      if (this.#link.closing.aborted) return
      this.#log.error(
        { stream: this.spec.stream, err: error },
        'The broker refuses the settings of the stream',
      )
    })
  }

  /**
   * Resolves when stream and durable exist as specified; waits while the broker is unreachable.
   *
   * @throws when the broker refuses them for good, or when the link is closed
   */
  ensure(): Promise<void> {
    const spec = this.#spec
    if (this.#running?.spec === spec) return this.#running.done
    // One after the other, so that the last specification wins.
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
    const nc = this.#link.connection
    if (nc === undefined) throw new Error('The broker is unreachable')
    const jsm = await nc.jetstreamManager({ checkAPI: false, timeout: STATE_TIMEOUT_MS })
    const { bytes = 0 } = (await orMissing(jsm.streams.info(this.#spec.stream)))?.state ?? {}
    // While the stream held more, the limit could not be set on the server.
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
        if (nc !== this.#link.connection) return
        this.#life = `${nc.info?.server_id} ${info.created}`
        this.#isLimitKeptByServer = info.config.max_bytes === spec.maxBytes
        return
      } catch (error) {
        if (isDefinite(error)) throw error
        if (attempt % 20 === 1) {
          this.#log.warn(
            { stream: spec.stream, err: error },
            'The stream could not be created or updated yet; it is tried again',
          )
        }
        await pause(RETRY_MS, this.#link.closing)
      }
    }
  }
}

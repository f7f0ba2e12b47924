import { orAborted, pause } from '@runnel/runtime'
import type { MessagingLog } from './messaging-log.ts'

const RECONNECT_MS = 500
const RECONNECT_JITTER_MS = 100
const CLOSE_TIMEOUT_MS = 1_000

/**
 * A connection to a broker, for good: when one ends, the next one is made. Clients' own reconnecting is not used: it keeps a connection
 * to a frozen server. What belongs to one connection (subscriptions, channels) is made again for the next one.
 */
export abstract class BrokerLink<Connection> {
  /** Of the connection, as the server lists it and as log lines name it. */
  protected readonly name: string
  protected readonly log: MessagingLog
  readonly #closing = new AbortController()
  readonly #up = new Set<(connection: Connection) => void>()
  readonly #down = new Set<() => void>()
  #ended: Promise<void> = Promise.resolve()
  #connection: Connection | undefined
  #downSince = performance.now()

  constructor(name: string, log: MessagingLog) {
    this.name = name
    this.log = log
  }

  /** Begins to connect. */
  open(): void {
    this.#ended = this.#keepUp()
  }

  /** The connection, while there is one. */
  get connection(): Connection | undefined {
    return this.#connection
  }

  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Milliseconds since the server last answered. */
  unreachableMs(): number {
    return this.#connection === undefined ? Math.max(1, performance.now() - this.#downSince) : this.silentMs()
  }

  /** Called with every new connection. @returns a function that ends it */
  onUp(listener: (connection: Connection) => void): () => void {
    this.#up.add(listener)
    return () => this.#up.delete(listener)
  }

  /** Called when a connection is lost or closed. @returns a function that ends it */
  onDown(listener: () => void): () => void {
    this.#down.add(listener)
    return () => this.#down.delete(listener)
  }

  /** The connection as soon as there is one; undefined when the signal aborts or the link is closed before. */
  async whenUp(signal?: AbortSignal): Promise<Connection | undefined> {
    if (this.#connection !== undefined) return this.#connection
    const stop = signal === undefined ? this.closing : AbortSignal.any([signal, this.closing])
    if (stop.aborted) return undefined
    return new Promise((resolve) => {
      const end = () => {
        off()
        stop.removeEventListener('abort', end)
        resolve(this.#connection)
      }
      const off = this.onUp(end)
      stop.addEventListener('abort', end, { once: true })
    })
  }

  /** Ends the connection once what was written to it has been sent. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#ended
  }

  /** @throws the error of the last server that was tried */
  protected abstract connect(stop: AbortSignal): Promise<Connection>

  /** What has to be there before a connection is used. @throws where that fails, which drops the connection */
  protected abstract prepare(connection: Connection): Promise<void>

  /** Resolves when the connection is over, or is to be given up. */
  protected abstract over(connection: Connection): Promise<unknown>

  /** How long the server of the present connection has not answered; 0 while it does. */
  protected abstract silentMs(): number

  /** Fields of the line that reports a new connection. */
  protected abstract describe(connection: Connection): object

  /** Against a frozen server it may never resolve. */
  protected abstract disconnect(connection: Connection): Promise<unknown>

  /** Lets go of what a server that does not answer the farewell would leave behind. */
  protected abstract abandon(connection: Connection): void

  async #keepUp(): Promise<void> {
    const { log, name } = this
    let failures = 0
    const onReady = (): void => {
      if (failures > 0) log.info({ broker: name, failures }, 'The broker is reachable again')
      failures = 0
    }
    while (!this.closing.aborted) {
      try {
        await this.#use(await this.connect(this.closing), onReady)
      } catch (error) {
        // One line at the first failure, then one a minute: an outage of hours fills no disk.
        if (failures++ % 120 === 0)
          log.warn({ broker: name, err: error, failures }, 'The broker is unreachable')
      }
      await pause(RECONNECT_MS + Math.random() * RECONNECT_JITTER_MS, this.closing)
    }
  }

  /** Resolves when the connection is over, for whatever reason. @throws when it could not be prepared */
  async #use(connection: Connection, onReady: () => void): Promise<void> {
    try {
      const over = this.over(connection)
      await this.prepare(connection)
      onReady()
      this.#connection = connection
      this.log.info({ broker: this.name, ...this.describe(connection) }, 'Connected to the broker')
      for (const listener of this.#up) listener(connection)
      await orAborted(over, this.closing)
    } finally {
      await this.#drop(connection)
    }
  }

  async #drop(connection: Connection): Promise<void> {
    const wasUp = this.#connection !== undefined
    // One that could not be prepared ends no outage.
    if (wasUp) this.#downSince = performance.now() - this.silentMs()
    this.#connection = undefined
    for (const listener of this.#down) listener()
    if (wasUp && !this.closing.aborted)
      this.log.warn({ broker: this.name }, 'Lost the connection to the broker')
    await Promise.race([this.disconnect(connection).catch(() => undefined), pause(CLOSE_TIMEOUT_MS)])
    this.abandon(connection)
  }
}

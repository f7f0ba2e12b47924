import { orAborted, pause, type BrokerAccess } from '@runnel/runtime'
import type { NatsConnection } from 'nats'
import type { MessagingLog } from '../messaging-log.ts'
import { keepsByteLimits } from './server-2-9/byte-limit.ts'
import { createConnector } from './create-connector.ts'
import type { ServerAddress } from './server-address.ts'

/** Two unanswered pings are a second: from there on the broker counts as unreachable. */
const PING_INTERVAL_MS = 500
/** A connection that is silent for 4 s is given up. */
const MAX_UNANSWERED_PINGS = 8
const RECONNECT_MS = 500
const RECONNECT_JITTER_MS = 100
const CLOSE_TIMEOUT_MS = 1_000

interface LinkOptions {
  readonly servers: readonly ServerAddress[]
  readonly access: BrokerAccess
  readonly name: string
  readonly log: MessagingLog
}

/**
 * The connection to the server, for good: when one ends, the next one is made.
 *
 * The client's own reconnecting is switched off, because a connection with unsent bytes to a frozen server never
 * ends there: it waits for its last write. Here such a connection is dropped and left to end by itself. What belongs
 * to a connection (subscriptions) is made again by the listeners of `onUp`.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #connect: ReturnType<typeof createConnector>
  readonly #closing = new AbortController()
  readonly #up = new Set<(nc: NatsConnection) => void>()
  readonly #down = new Set<() => void>()
  readonly #ended: Promise<void>
  #nc: NatsConnection | undefined
  #downSince = performance.now()
  #unansweredMs = 0

  /** Begins the subjects of all answers to this connection, so that a server can allow an app its own alone. */
  readonly inboxPrefix: string

  constructor(options: LinkOptions) {
    this.#options = options
    this.inboxPrefix = `_INBOX.${options.name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`
    this.#connect = createConnector(options.servers, options.access, {
      name: options.name,
      inboxPrefix: this.inboxPrefix,
      reconnect: false,
      pingInterval: PING_INTERVAL_MS,
      maxPingOut: MAX_UNANSWERED_PINGS,
      noAsyncTraces: true,
      ignoreAuthErrorAbort: true,
    })
    this.#ended = this.#keepUp()
  }

  /** The connection, while there is one. */
  get nc(): NatsConnection | undefined {
    return this.#nc
  }

  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Milliseconds since the server last answered. */
  unreachableMs(): number {
    return this.#nc === undefined ? Math.max(1, performance.now() - this.#downSince) : this.#unansweredMs
  }

  /** Called with every new connection. @returns a function that ends it */
  onUp(listener: (nc: NatsConnection) => void): () => void {
    this.#up.add(listener)
    return () => this.#up.delete(listener)
  }

  /** Called when a connection is lost or closed. @returns a function that ends it */
  onDown(listener: () => void): () => void {
    this.#down.add(listener)
    return () => this.#down.delete(listener)
  }

  /** The connection as soon as there is one; undefined when the signal aborts or the link is closed before. */
  async whenUp(signal?: AbortSignal): Promise<NatsConnection | undefined> {
    if (this.#nc !== undefined) return this.#nc
    const stop = signal === undefined ? this.closing : AbortSignal.any([signal, this.closing])
    if (stop.aborted) return undefined
    return new Promise((resolve) => {
      const end = () => {
        off()
        stop.removeEventListener('abort', end)
        resolve(this.#nc)
      }
      const off = this.onUp(end)
      stop.addEventListener('abort', end, { once: true })
    })
  }

  /** Sends what is buffered, and ends the connection. */
  async close(): Promise<void> {
    await Promise.race([this.#nc?.flush().catch(() => undefined), pause(CLOSE_TIMEOUT_MS)])
    this.#closing.abort()
    await this.#ended
  }

  async #keepUp(): Promise<void> {
    const { log, name } = this.#options
    let failures = 0
    while (!this.closing.aborted) {
      try {
        const nc = await this.#connect(this.closing)
        if (failures > 0) log.info({ broker: name, failures }, 'The broker is reachable again')
        failures = 0
        await this.#use(nc)
      } catch (error) {
        // One line at the first failure, then one a minute: an outage of hours fills no disk.
        if (failures++ % 120 === 0)
          log.warn({ broker: name, err: error, failures }, 'The broker is unreachable')
      }
      await pause(RECONNECT_MS + Math.random() * RECONNECT_JITTER_MS, this.closing)
    }
  }

  /** Resolves when the connection is over, for whatever reason. */
  async #use(nc: NatsConnection): Promise<void> {
    this.#nc = nc
    this.#unansweredMs = 0
    const version = nc.info?.version ?? 'unknown'
    this.#options.log.info(
      {
        ...{ broker: this.#options.name, server: nc.getServer(), version },
        ...{ durability: durabilityOf(version), byteLimits: byteLimitsOf(version) },
      },
      'Connected to the broker',
    )
    try {
      for (const listener of this.#up) listener(nc)
      await orAborted(Promise.race([nc.closed(), this.#watch(nc)]), this.closing)
    } finally {
      this.#nc = undefined
      this.#downSince = performance.now() - this.#unansweredMs
      for (const listener of this.#down) listener()
      if (!this.closing.aborted)
        this.#options.log.warn({ broker: this.#options.name }, 'Lost the connection to the broker')
      // Not awaited for good: against a frozen server it ends when that server does.
      await Promise.race([nc.close().catch(() => undefined), pause(CLOSE_TIMEOUT_MS)])
    }
  }

  /**
   * Counts unanswered pings rather than time: a process that was busy for seconds has its answer waiting in the
   * socket, and takes one tick only.
   */
  async #watch(nc: NatsConnection): Promise<void> {
    for await (const status of nc.status()) {
      if (status.type === 'pingTimer') this.#unansweredMs = (Number(status.data) - 1) * PING_INTERVAL_MS
      if (status.type === 'staleConnection') return
      if (status.type === 'error') {
        this.#options.log.warn(
          { broker: this.#options.name, code: status.data, ...status.permissionContext },
          'The broker reports an error',
        )
      }
    }
    // The statuses may end before the connection does: let nc.closed() decide.
    await nc.closed()
  }
}

/** `sync_interval: always` came with 2.10; a client cannot see whether it is set. */
function durabilityOf(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 10)
    ? 'a PubAck survives process death; power loss too with sync_interval: always'
    : 'a PubAck survives process death, not power loss'
}

function byteLimitsOf(version: string): string {
  return keepsByteLimits(version)
    ? 'enforced by the server'
    : 'enforced by the publishing app: this server would drop confirmed messages'
}

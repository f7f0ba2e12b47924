import { orAborted, pause, type BrokerAccess } from '@runnel/runtime'
import type { ChannelModel } from 'amqplib'
import type { Duplex } from 'node:stream'
import type { MessagingLog } from '../messaging-log.ts'
import { ConnectionWatch } from './connection-watch.ts'
import { createConnector } from './create-connector.ts'
import type { ServerAddress } from './server-address.ts'
import { versionOf } from './server-version.ts'
import { tolerateDeepHeaders } from './tolerate-headers.ts'
import { withTimeout } from './with-timeout.ts'

const RECONNECT_MS = 500
const RECONNECT_JITTER_MS = 100
const PREPARE_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 1_000

interface LinkOptions {
  readonly servers: readonly ServerAddress[]
  readonly access: BrokerAccess | undefined
  /** Of the connection, as the server lists it and as log lines name it. */
  readonly name: string
  readonly log: MessagingLog
}

/** What has to be there before a connection is used, made anew for each one; a failure drops the connection. */
type Prepare = (connection: ChannelModel) => Promise<void>

/**
 * A connection to the server, for good: when one ends, the next one is made. The client's own recovery is not used: it keeps a
 * connection to a frozen server, and channels that were prepared for the one before.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #connect: ReturnType<typeof createConnector>
  readonly #closing = new AbortController()
  readonly #prepare: Prepare[] = []
  readonly #up = new Set<() => void>()
  readonly #down = new Set<() => void>()
  #ended: Promise<void> = Promise.resolve()
  #connection: ChannelModel | undefined
  #watch: ConnectionWatch | undefined
  #downSince = performance.now()

  constructor(options: LinkOptions) {
    this.#options = options
    this.#connect = createConnector(options.servers, options.access, options.name)
  }

  /** Begins to connect. What is needed of each connection has been registered before. */
  open(): void {
    this.#ended = this.#keepUp()
  }

  /** The connection, while there is one. */
  get connection(): ChannelModel | undefined {
    return this.#connection
  }

  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Milliseconds since the server last answered. */
  unreachableMs(): number {
    if (this.#connection === undefined) return Math.max(1, performance.now() - this.#downSince)
    return this.#watch?.silentMs() ?? 0
  }

  prepare(step: Prepare): void {
    this.#prepare.push(step)
  }

  /** Called with every new connection. @returns a function that ends it */
  onUp(listener: () => void): () => void {
    this.#up.add(listener)
    return () => this.#up.delete(listener)
  }

  /** Called when a connection is lost or closed. @returns a function that ends it */
  onDown(listener: () => void): () => void {
    this.#down.add(listener)
    return () => this.#down.delete(listener)
  }

  /** The connection as soon as there is one; undefined when the signal aborts or the link is closed before. */
  async whenUp(signal?: AbortSignal): Promise<ChannelModel | undefined> {
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

  async #keepUp(): Promise<void> {
    const { log, name } = this.#options
    let failures = 0
    while (!this.closing.aborted) {
      try {
        const connection = await this.#connect(this.closing)
        // Without a listener an error would end the process; what it means, `close` says.
        connection.on('error', () => undefined)
        tolerateDeepHeaders(connection)
        await this.#use(connection, () => {
          if (failures > 0) log.info({ broker: name, failures }, 'The broker is reachable again')
          failures = 0
        })
      } catch (error) {
        // One line at the first failure, then one a minute: an outage of hours fills no disk.
        if (failures++ % 120 === 0)
          log.warn({ broker: name, err: error, failures }, 'The broker is unreachable')
      }
      await pause(RECONNECT_MS + Math.random() * RECONNECT_JITTER_MS, this.closing)
    }
  }

  /** Resolves when the connection is over, for whatever reason. @throws when it could not be prepared */
  async #use(connection: ChannelModel, onReady: () => void): Promise<void> {
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    connection.on('close', () => end())
    try {
      await withTimeout(this.#prepareAll(connection, end), PREPARE_TIMEOUT_MS, 'Preparing the connection')
      onReady()
      this.#connection = connection
      this.#logConnected(connection)
      for (const listener of this.#up) listener()
      await orAborted(over, this.closing)
    } finally {
      await this.#drop(connection)
    }
  }

  async #prepareAll(connection: ChannelModel, onSilent: () => void): Promise<void> {
    this.#watch = await ConnectionWatch.start(connection, onSilent)
    for (const step of this.#prepare) await step(connection)
  }

  async #drop(connection: ChannelModel): Promise<void> {
    const wasUp = this.#connection !== undefined
    this.#downSince = performance.now() - (this.#watch?.silentMs() ?? 0)
    this.#watch?.stop()
    this.#watch = undefined
    this.#connection = undefined
    for (const listener of this.#down) listener()
    if (wasUp && !this.closing.aborted)
      this.#options.log.warn({ broker: this.#options.name }, 'Lost the connection to the broker')
    await Promise.race([endInOrder(connection), pause(CLOSE_TIMEOUT_MS)])
    destroySocket(connection)
  }

  #logConnected(connection: ChannelModel): void {
    this.#options.log.info(
      {
        ...{ broker: this.#options.name, version: versionOf(connection) },
        durability: 'a confirmed message is on the disk of most members of its quorum queue',
      },
      'Connected to the broker',
    )
  }
}

async function endInOrder(connection: ChannelModel): Promise<void> {
  try {
    await connection.close()
  } catch {
    // It had ended before.
  }
}

/** A frozen server answers no farewell: its socket, and all that waits on it, would stay. The client's types do not name it. */
function destroySocket(connection: ChannelModel): void {
  const { stream } = connection.connection as unknown as { readonly stream?: Duplex }
  stream?.destroy(new Error('The connection was given up'))
}

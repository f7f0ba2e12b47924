import type { BrokerAccess } from '@runnel/runtime'
import type { ChannelModel } from 'amqplib'
import type { Duplex } from 'node:stream'
import { BrokerLink } from '../broker-link.ts'
import type { MessagingLog } from '../messaging-log.ts'
import { ConnectionWatch } from './connection-watch.ts'
import { createConnector } from './create-connector.ts'
import type { ServerAddress } from './server-address.ts'
import { versionOf } from './server-version.ts'
import { tolerateDeepHeaders } from './tolerate-headers.ts'
import { withTimeout } from './with-timeout.ts'

const PREPARE_TIMEOUT_MS = 10_000

interface LinkOptions {
  readonly servers: readonly ServerAddress[]
  readonly access: BrokerAccess | undefined
  readonly name: string
  readonly log: MessagingLog
}

/** What has to be there before a connection is used, made anew for each one; a failure drops the connection. */
type Preparation = (connection: ChannelModel) => Promise<void>

/** A connection to RabbitMQ. What is needed of each connection is registered before open(). */
export class Link extends BrokerLink<ChannelModel> {
  readonly #connect: ReturnType<typeof createConnector>
  readonly #preparations: Preparation[] = []
  #watch: ConnectionWatch | undefined
  #giveUp: () => void = () => undefined

  constructor(options: LinkOptions) {
    super(options.name, options.log)
    this.#connect = createConnector(options.servers, options.access, options.name)
  }

  beforeUse(preparation: Preparation): void {
    this.#preparations.push(preparation)
  }

  protected async connect(stop: AbortSignal): Promise<ChannelModel> {
    const connection = await this.#connect(stop)
    // Without a listener an error would end the process; what it means, `close` says.
    connection.on('error', () => undefined)
    tolerateDeepHeaders(connection)
    return connection
  }

  protected prepare(connection: ChannelModel): Promise<void> {
    return withTimeout(this.#prepareAll(connection), PREPARE_TIMEOUT_MS, 'Preparing the connection')
  }

  protected over(connection: ChannelModel): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    connection.on('close', () => resolve())
    this.#giveUp = resolve
    return promise
  }

  protected silentMs(): number {
    return this.#watch?.silentMs() ?? 0
  }

  protected describe(connection: ChannelModel): object {
    return {
      version: versionOf(connection),
      durability: 'a confirmed message is on the disk of most members of its quorum queue',
    }
  }

  protected async disconnect(connection: ChannelModel): Promise<void> {
    this.#watch?.stop()
    this.#watch = undefined
    // Rejects where it had ended before.
    await connection.close()
  }

  /** A frozen server answers no farewell: its socket, and all that waits on it, would stay. The client's types do not name it. */
  protected abandon(connection: ChannelModel): void {
    const { stream } = connection.connection as unknown as { readonly stream?: Duplex }
    stream?.destroy(new Error('The connection was given up'))
  }

  async #prepareAll(connection: ChannelModel): Promise<void> {
    this.#watch = await ConnectionWatch.start(connection, this.#giveUp)
    for (const prepare of this.#preparations) await prepare(connection)
  }
}

import { pause, type BrokerAccess } from '@runnel/runtime'
import type { NatsConnection } from 'nats'
import { BrokerLink } from '../broker-link.ts'
import type { MessagingLog } from '../messaging-log.ts'
import { keepsByteLimits } from './server-2-9/byte-limit.ts'
import { createConnector } from './create-connector.ts'
import type { ServerAddress } from './server-address.ts'

/** Two unanswered pings are a second: from there on the broker counts as unreachable. */
const PING_INTERVAL_MS = 500
/** A connection that is silent for 4 s is given up. */
const MAX_UNANSWERED_PINGS = 8
const FLUSH_TIMEOUT_MS = 1_000

interface LinkOptions {
  readonly servers: readonly ServerAddress[]
  readonly access: BrokerAccess
  readonly name: string
  readonly log: MessagingLog
}

/**
 * The connection to NATS. A connection with unsent bytes to a frozen server never ends by itself, for it waits for its last write: it is
 * dropped and left to end when that server does.
 */
export class Link extends BrokerLink<NatsConnection> {
  readonly #connect: ReturnType<typeof createConnector>
  #unansweredMs = 0

  /** Begins the subjects of all answers to this connection, so that a server can allow an app its own alone. */
  readonly inboxPrefix: string

  constructor(options: LinkOptions) {
    super(options.name, options.log)
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
    this.open()
  }

  /** Sends what is buffered, and ends the connection. */
  override async close(): Promise<void> {
    await Promise.race([this.connection?.flush().catch(() => undefined), pause(FLUSH_TIMEOUT_MS)])
    await super.close()
  }

  protected connect(stop: AbortSignal): Promise<NatsConnection> {
    return this.#connect(stop)
  }

  protected async prepare(): Promise<void> {
    this.#unansweredMs = 0
  }

  protected over(nc: NatsConnection): Promise<unknown> {
    return Promise.race([nc.closed(), this.#watch(nc)])
  }

  protected silentMs(): number {
    return this.#unansweredMs
  }

  protected describe(nc: NatsConnection): object {
    const version = nc.info?.version ?? 'unknown'
    return {
      ...{ server: nc.getServer(), version },
      ...{ durability: durabilityOf(version), byteLimits: byteLimitsOf(version) },
    }
  }

  protected disconnect(nc: NatsConnection): Promise<unknown> {
    return nc.close()
  }

  protected abandon(): void {}

  /**
   * Counts unanswered pings rather than time: a process that was busy for seconds has its answer waiting in the
   * socket, and takes one tick only.
   */
  async #watch(nc: NatsConnection): Promise<void> {
    for await (const status of nc.status()) {
      if (status.type === 'pingTimer') this.#unansweredMs = (Number(status.data) - 1) * PING_INTERVAL_MS
      if (status.type === 'staleConnection') return
      if (status.type === 'error') {
        this.log.warn(
          { broker: this.name, code: status.data, ...status.permissionContext },
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

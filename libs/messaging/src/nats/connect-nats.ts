import { pause } from '@runnel/runtime'
import type { MessagingLog } from '../messaging-log.ts'
import type { Broker, StreamSpec } from '../ports.ts'
import { LimitedPublisher } from './server-2-9/limited-publisher.ts'
import { Link } from './link.ts'
import { NatsConsumer } from './nats-consumer.ts'
import { NatsNotices } from './nats-notices.ts'
import { PublishRequests } from './publish-requests.ts'
import { StreamKeeper } from './stream-keeper.ts'

export interface NatsOptions {
  /** `nats://[user:password@]host:port`, several separated by commas. */
  readonly url: string
  /** Of the app, as the server shows it in its list of connections. */
  readonly name: string
  readonly log: MessagingLog
  /** How long to wait for the first connection before going on without one. */
  readonly firstConnectMs?: number
  /** How often, about, a running consumer looks whether the server still delivers. */
  readonly sweepEveryMs?: number
  /** Told of messages that the server had stopped delivering and that are delivered again, for a metric. */
  readonly onSweep?: (swept: { stream: string; messages: number }) => void
}

const FIRST_CONNECT_MS = 2_000
const SWEEP_EVERY_MS = 5_000
const CLOSE_TIMEOUT_MS = 5_000

/**
 * Connects to nats-server 2.9 or newer, with JetStream. An absent server is no error: the broker is returned after
 * `firstConnectMs`, tells by `awayMs()` that it is away, and heals as soon as the server is there. It never gives up.
 *
 * @throws TypeError for a URL that is none
 */
export async function connectNats(options: NatsOptions): Promise<Broker> {
  const servers = parseServers(options.url)
  const { log, name } = options
  const link = new Link({ servers, name, log })
  const keepers = new Map<string, StreamKeeper>()
  const requests = new PublishRequests(link, (subject) => keepers.get(subject)?.ensureSoon())
  const publisher = new LimitedPublisher(requests, (subject) => keepers.get(subject))
  const notices = new NatsNotices(link, log)
  const keeperOf = (spec: StreamSpec): StreamKeeper => {
    const known = keepers.get(spec.subject)
    if (known !== undefined) return known
    const keeper = new StreamKeeper(link, spec, log)
    keepers.set(spec.subject, keeper)
    return keeper
  }
  const closed = Promise.withResolvers<void>()
  await Promise.race([link.whenUp(), pause(options.firstConnectMs ?? FIRST_CONNECT_MS, link.closing)])
  return {
    publish: (message, timeoutMs) => publisher.publish(message, timeoutMs),
    awayMs: () => link.awayMs(),
    send: (subject, payload) => notices.send(subject, payload),
    subscribe: (subject, receive) => notices.subscribe(subject, receive),
    onGap: (listener) => notices.onGap(listener),
    ensureStream: (spec) => keeperOf(spec).use(spec).ensure(),
    consumer: (spec) =>
      new NatsConsumer({
        link,
        log,
        keeper: keeperOf(spec),
        sweepEveryMs: options.sweepEveryMs ?? SWEEP_EVERY_MS,
        onSweep: options.onSweep ?? (() => undefined),
      }),
    connected: () => link.nc !== undefined,
    closed: () => closed.promise,
    close: async () => {
      await publisher.idle(CLOSE_TIMEOUT_MS)
      await link.close()
      closed.resolve()
    },
  }
}

function parseServers(url: string): string[] {
  const servers = url.split(',').map((server) => server.trim())
  for (const server of servers) new URL(server.includes('://') ? server : `nats://${server}`)
  return servers
}

import { pause } from '@runnel/runtime'
import type { Broker, BrokerOptions, StreamSpec } from '../ports.ts'
import { NO_ACCESS } from './access-options.ts'
import { LimitedPublisher } from './server-2-9/limited-publisher.ts'
import { Link } from './link.ts'
import { NatsConsumer } from './nats-consumer.ts'
import { NatsNotices } from './nats-notices.ts'
import { parseServers } from './server-address.ts'
import { PublishRequests } from './publish-requests.ts'
import { StreamKeeper } from './stream-keeper.ts'

interface NatsOptions extends BrokerOptions {
  /** How often, about, a running consumer checks whether the server still delivers. */
  readonly sweepEveryMs?: number
}

const FIRST_CONNECT_MS = 2_000
const SWEEP_EVERY_MS = 5_000
const CLOSE_TIMEOUT_MS = 5_000

/**
 * Connects to nats-server 2.9 or newer, with JetStream. An unreachable server is no error: the broker is returned after
 * `firstConnectMs`, reports by `unreachableMs()` that it has no connection, and heals as soon as the server is there. It
 * never gives up.
 *
 * @param url `nats://[user:password@]host:port` or `tls://...`, several separated by commas
 * @throws TypeError for an invalid URL
 */
export async function connectNats(url: string, options: NatsOptions): Promise<Broker> {
  const servers = parseServers(url)
  const { log, name } = options
  const link = new Link({ servers, access: options.access ?? NO_ACCESS, name, log })
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
  await Promise.race([link.whenUp(), pause(options.firstConnectMs ?? FIRST_CONNECT_MS, link.closing)])
  return {
    publish: (message, timeoutMs) => publisher.publish(message, timeoutMs),
    unreachableMs: () => link.unreachableMs(),
    // The client joins what it sends to one buffer.
    copiesPayload: true,
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
    connected: () => link.connection !== undefined,
    close: async () => {
      await publisher.idle(CLOSE_TIMEOUT_MS)
      await link.close()
    },
  }
}

import { pause } from '@runnel/runtime'
import type { Broker, BrokerOptions, StreamSpec } from '../ports.ts'
import { ConfirmedPublisher } from './confirmed-publisher.ts'
import { Link } from './link.ts'
import { QueueKeeper } from './queue-keeper.ts'
import { RabbitmqConsumer } from './rabbitmq-consumer.ts'
import { RabbitmqNotices } from './rabbitmq-notices.ts'
import { parseServers } from './server-address.ts'

const FIRST_CONNECT_MS = 2_000
const CLOSE_TIMEOUT_MS = 5_000

/**
 * Connects to RabbitMQ 3.10 or newer, by two connections: while the server's memory or disk is used up it stops reading those
 * that publish, and the acknowledgements that end this must still arrive. An unreachable server is no error: the broker is
 * returned after `firstConnectMs`, and heals as soon as the server is there. It never gives up.
 *
 * @param url `amqp://[user:password@]host:port[/vhost]` or `amqps://...`, several separated by commas
 * @throws TypeError for an invalid URL
 */
export async function connectRabbitmq(url: string, options: BrokerOptions): Promise<Broker> {
  const { log, name, access } = options
  const servers = parseServers(url)
  const publishing = new Link({ servers, access, log, name: `${name} publishing` })
  const consuming = new Link({ servers, access, log, name: `${name} consuming` })
  const keepers = new Map<string, QueueKeeper>()
  const publisher = new ConfirmedPublisher({
    link: publishing,
    log,
    routeOf: (subject) => keepers.get(subject)?.spec,
    onNoQueue: (subject) => keepers.get(subject)?.ensureSoon(),
  })
  const notices = new RabbitmqNotices({ sending: publishing, receiving: consuming, log })
  const consumers = new Map<string, RabbitmqConsumer>()
  const keeperOf = (spec: StreamSpec): QueueKeeper => {
    const known = keepers.get(spec.subject)
    if (known !== undefined) return known
    const keeper = new QueueKeeper(consuming, spec, log)
    keepers.set(spec.subject, keeper)
    return keeper
  }
  // One of each: what it holds is a part of the backlog that it reports.
  const consumerOf = (spec: StreamSpec): RabbitmqConsumer => {
    const known = consumers.get(spec.subject)
    if (known !== undefined) return known
    const consumer = new RabbitmqConsumer({ link: consuming, keeper: keeperOf(spec), log })
    consumers.set(spec.subject, consumer)
    return consumer
  }
  const links = [publishing, consuming]
  for (const link of links) link.open()
  await Promise.race([
    Promise.all(links.map((link) => link.whenUp())),
    pause(options.firstConnectMs ?? FIRST_CONNECT_MS, publishing.closing),
  ])
  return {
    publish: (message, timeoutMs) => publisher.publish(message, timeoutMs),
    unreachableMs: () => publisher.unreachableMs(),
    send: (subject, payload) => notices.send(subject, payload),
    subscribe: (subject, receive) => notices.subscribe(subject, receive),
    onGap: (listener) => notices.onGap(listener),
    ensureStream: (spec) => keeperOf(spec).use(spec).ensure(),
    consumer: consumerOf,
    connected: () => links.every((link) => link.connection !== undefined),
    close: async () => {
      await publisher.idle(CLOSE_TIMEOUT_MS)
      await Promise.all(links.map((link) => link.close()))
    },
  }
}

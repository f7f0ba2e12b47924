import type { BrokerScheme } from '@runnel/runtime'
import { createMemoryBroker } from './memory/memory-broker.ts'
import { connectNats } from './nats/connect-nats.ts'
import type { Broker, BrokerOptions } from './ports.ts'
import { connectRabbitmq } from './rabbitmq/connect-rabbitmq.ts'

type ConnectDriver = (url: string, options: BrokerOptions) => Promise<Broker>

/** What can be set as BROKER_URL, and the broker of npm start. */
type Scheme = BrokerScheme | 'memory'

/** A driver is a folder and a line here; the contract suite has to pass over it (test/<driver>.test.ts). */
const DRIVERS = {
  nats: connectNats,
  tls: connectNats,
  amqp: connectRabbitmq,
  amqps: connectRabbitmq,
  memory: async (_url, options) => createMemoryBroker(options),
} satisfies Readonly<Record<Scheme, ConnectDriver>>

/** Of a URL that names none, such as `host:4222`. */
const DEFAULT_SCHEME: Scheme = 'nats'

/**
 * Connects to the broker that the scheme of the URL names: `nats://` or `tls://`, `amqp://` or `amqps://`, several servers separated
 * by commas, or `memory:`, which is a new broker inside this process at each call. A broker that is unreachable is no error: see
 * `unreachableMs()` and `connected()`.
 *
 * @throws TypeError for an unknown scheme, or a URL that its driver cannot read
 */
export async function connectBroker(url: string, options: BrokerOptions): Promise<Broker> {
  const scheme = schemeOf(url)
  if (!isKnown(scheme)) {
    const known = Object.keys(DRIVERS).map((each) => `${each}:`)
    throw new TypeError(
      `No broker driver for "${scheme}:". Use a URL that begins with one of these: ${known.join(', ')}`,
    )
  }
  return DRIVERS[scheme](url, options)
}

/** What stands before `://`, or before a colon at the very end: `host:4222` has no scheme. */
function schemeOf(url: string): string {
  return /^\s*([a-z][a-z\d+.-]*):(?:\/\/|$)/i.exec(url)?.[1]?.toLowerCase() ?? DEFAULT_SCHEME
}

function isKnown(scheme: string): scheme is Scheme {
  return Object.hasOwn(DRIVERS, scheme)
}

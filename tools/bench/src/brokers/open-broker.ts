import type { Kind } from '@runnel/contracts'
import { startRabbitmq } from '@runnel/testing'
import type { ProcessCosts } from '../process-costs.ts'
import { openNats } from '../stores.ts'
import { publishRawAmqp } from './publish-raw-amqp.ts'
import { publishRawNats } from './publish-raw-nats.ts'
import type { QueueView } from './queue-view.ts'
import { RabbitmqQueueView } from './rabbitmq-queue-view.ts'
import { StreamView } from './stream-view.ts'

/** A broker of this run alone. */
export interface BenchBroker {
  /** Of BROKER_URL. */
  readonly url: string
  /** Its queue or stream exists since an app has started. */
  view(kind: Kind): Promise<QueueView>
  /** Publishes metrics as plain JSON, one a message, as any client of the broker may. */
  publishRaw(count: number): Promise<void>
}

type Open = (stack: AsyncDisposableStack, costs: ProcessCosts) => Promise<BenchBroker>

const BROKERS = {
  nats: async (stack, costs) => {
    const { url } = await openNats(stack, costs)
    return {
      url,
      view: (kind) => StreamView.open(stack, url, kind),
      publishRaw: (count) => publishRawNats(url, count),
    }
  },
  rabbitmq: async (stack, costs) => {
    const server = stack.use(await startRabbitmq())
    costs.watch('rabbitmq-server', server.process.pid, 'shared')
    return {
      url: server.url,
      view: (kind) => RabbitmqQueueView.open(stack, server, kind),
      publishRaw: (count) => publishRawAmqp(server.url, count),
    }
  },
} satisfies Record<string, Open>

export type BrokerName = keyof typeof BROKERS

export const BROKER_NAMES = Object.keys(BROKERS) as readonly BrokerName[]

/** @throws Error when the server is not installed or does not come up */
export function openBroker(name: BrokerName, ...args: Parameters<Open>): Promise<BenchBroker> {
  return BROKERS[name](...args)
}

import { startNats, startRabbitmq, type ManagedProcess } from '@runnel/testing'
import { connectNatsProducer } from './oracle/load/nats-producer.ts'
import { connectRabbitmqProducer } from './oracle/load/rabbitmq-producer.ts'
import type { RawProducer } from './oracle/load/raw-producer.ts'

export interface RunningBroker extends AsyncDisposable {
  readonly broker: ManagedProcess
  readonly producer: RawProducer
}

/** The brokers over which the oracle runs. */
const BROKERS = {
  nats: async (stack: AsyncDisposableStack) => {
    const broker = stack.use(await startNats())
    return { broker, producer: stack.use(await connectNatsProducer(broker.url)) }
  },
  rabbitmq: async (stack: AsyncDisposableStack) => {
    const server = stack.use(await startRabbitmq())
    return { broker: server.process, producer: stack.use(await connectRabbitmqProducer(server)) }
  },
} satisfies Record<
  string,
  (stack: AsyncDisposableStack) => Promise<Omit<RunningBroker, keyof AsyncDisposable>>
>

export type BrokerName = keyof typeof BROKERS

export const BROKER_NAMES = Object.keys(BROKERS) as readonly BrokerName[]

/** A server of this run alone, and a producer that is no part of Runnel. @throws Error with the log of a server that does not come up */
export async function startBroker(name: BrokerName): Promise<RunningBroker> {
  await using starting = new AsyncDisposableStack()
  const started = await BROKERS[name](starting)
  const running = starting.move()
  return { ...started, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

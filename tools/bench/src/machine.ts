import { availableParallelism, cpus, loadavg } from 'node:os'
import type { BrokerName } from './brokers/open-broker.ts'
import { versionOf } from './stores.ts'

/** Where the figures come from. */
export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly node: string
  /** Name and version. */
  readonly broker: string
  readonly postgres: string
  readonly redis: string
  /** Load average of the last minute when the run began. */
  readonly loadAtStart: number
}

/** @throws Error when a store is not installed */
export async function describeMachine(name: BrokerName): Promise<Machine> {
  const [broker, postgres, redis] = await Promise.all([
    describeBroker(name),
    versionOf('postgres'),
    versionOf('redis-server'),
  ])
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    broker,
    postgres,
    redis,
    loadAtStart: loadavg()[0] ?? 0,
  }
}

async function describeBroker(name: BrokerName): Promise<string> {
  return name === 'nats'
    ? `nats-server ${await versionOf('nats-server')}`
    : `RabbitMQ ${await versionOf('rabbitmqctl')}`
}

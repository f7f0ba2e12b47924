import { availableParallelism, cpus, loadavg } from 'node:os'
import { versionOf } from './stores.ts'

/** Where the figures come from. */
export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly node: string
  readonly nats: string
  readonly postgres: string
  readonly redis: string
  /** Load average of the last minute when the run began. */
  readonly loadAtStart: number
}

/** @throws Error when a store is not installed */
export async function describeMachine(): Promise<Machine> {
  const [nats, postgres, redis] = await Promise.all([
    versionOf('nats-server'),
    versionOf('postgres'),
    versionOf('redis-server'),
  ])
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    nats,
    postgres,
    redis,
    loadAtStart: loadavg()[0] ?? 0,
  }
}

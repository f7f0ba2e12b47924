import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { eventually } from '../eventually.ts'
import type { ManagedProcess } from '../managed-process.ts'
import { useAll } from '../use-all.ts'
import { requireBinary } from './binaries.ts'
import { freePort } from './free-port.ts'
import { onFreePorts } from './on-free-ports.ts'
import { connectRedisOnce } from './probe-redis.ts'
import { startRedis } from './start-redis.ts'

export interface RedisCluster extends AsyncDisposable {
  /** Each with a third of the slots, and no replica. */
  readonly nodes: readonly [ManagedProcess, ManagedProcess, ManagedProcess]
}

/** A cluster of three masters. @throws Error when it does not come up */
export async function startRedisCluster(): Promise<RedisCluster> {
  await using starting = new AsyncDisposableStack()
  const nodes = await useAll<[ManagedProcess, ManagedProcess, ManagedProcess]>(starting, [
    startNode(),
    startNode(),
    startNode(),
  ])
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  await promisify(execFile)(requireBinary('redis-cli'), [
    '--cluster',
    'create',
    ...addresses,
    '--cluster-yes',
  ])
  await Promise.all(nodes.map((node) => eventually(() => isComplete(node.url))))
  const running = starting.move()
  return { nodes, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** @returns whether a node knows that every slot is served; a while later than the command that made it so */
async function isComplete(url: string): Promise<boolean> {
  const client = connectRedisOnce(url)
  try {
    await client.connect()
    return /cluster_state:ok/.test(String(await client.cluster('INFO')))
  } finally {
    client.disconnect()
  }
}

/** Its bus has a port of its own: the usual one, of 10,000 more, may be taken. */
function startNode(): Promise<ManagedProcess> {
  return onFreePorts(async () => {
    const bus = String(await freePort())
    const args = ['--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', '2000']
    return startRedis({ args })
  })
}

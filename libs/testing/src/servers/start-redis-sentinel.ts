import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ManagedProcess } from '../managed-process.ts'
import { requireBinary } from './binaries.ts'
import { onPort } from './on-free-ports.ts'
import { probeRedis } from './probe-redis.ts'
import { prepareServer, startServer } from './start-server.ts'

export interface SentinelOptions {
  /** Name of the group. */
  readonly master: string
  readonly masterPort: number
  /** Password of the servers with the data; none by default. */
  readonly masterPassword?: string
  /** What clients of the sentinel have to show; none by default. */
  readonly password?: string
  /** More lines of its file, and a port that speaks TLS by them. */
  readonly tls?: readonly string[]
  /** Default: PING, without TLS. */
  readonly probe?: (url: string) => Promise<unknown>
}

/** A Redis sentinel that decides alone, two seconds after its master is gone. @throws Error when it does not come up */
export function startRedisSentinel(options: SentinelOptions): Promise<ManagedProcess> {
  return onPort(undefined, (port) => startOn(port, options))
}

async function startOn(
  port: number,
  { master, masterPort, masterPassword, password, tls, probe }: SentinelOptions,
): Promise<ManagedProcess> {
  const { folder, temporaryFolder } = prepareServer('sentinel', {})
  const file = join(folder, 'sentinel.conf')
  const lines = [
    ...(tls ? ['port 0', `tls-port ${port}`, 'tls-replication yes', ...tls] : [`port ${port}`]),
    'bind 127.0.0.1',
    `dir ${folder}`,
    ...(password === undefined ? [] : [`requirepass ${password}`]),
    `sentinel monitor ${master} 127.0.0.1 ${masterPort} 1`,
    ...(masterPassword === undefined ? [] : [`sentinel auth-pass ${master} ${masterPassword}`]),
    `sentinel down-after-milliseconds ${master} 2000`,
    `sentinel failover-timeout ${master} 5000`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  chmodSync(file, 0o600)
  return startServer({
    name: 'redis-sentinel',
    command: requireBinary('redis-server'),
    args: [file, '--sentinel'],
    url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    port,
    probe:
      probe ??
      (() => probeRedis(`redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`)),
    temporaryFolder,
    stopSignal: 'SIGTERM',
  })
}

import type { ManagedProcess } from '../managed-process.ts'
import { requireBinary } from './binaries.ts'
import { probeRedis } from './probe-redis.ts'
import { onPort } from './on-free-ports.ts'
import { prepareServer, startServer, type ServerOptions } from './start-server.ts'

export interface RedisServerOptions extends ServerOptions {
  /** More of its arguments, such as those of TLS. */
  readonly args?: readonly string[]
  /** Whether its port speaks TLS, with the files that `args` name. */
  readonly isSecure?: boolean
  /** Default: PING, without TLS and login. */
  readonly probe?: (url: string) => Promise<unknown>
}

/** @throws Error when there is no redis-server or it does not come up */
export function startRedis(options: RedisServerOptions = {}): Promise<ManagedProcess> {
  return onPort(options.port, (port) => startRedisOn(port, options))
}

async function startRedisOn(port: number, options: RedisServerOptions): Promise<ManagedProcess> {
  const command = requireBinary('redis-server')
  const { folder, temporaryFolder } = prepareServer('redis', options)
  const durable = temporaryFolder === undefined
  return startServer({
    name: 'redis-server',
    command,
    args: [
      ...[options.isSecure ? '--tls-port' : '--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', durable ? 'yes' : 'no'],
      ...(options.args ?? []),
    ],
    url: `${options.isSecure ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    port,
    probe: options.probe ?? probeRedis,
    temporaryFolder,
    stopSignal: 'SIGTERM',
  })
}

import { requireBinary } from './binaries.ts'
import { PrivateServer } from './private-server.ts'
import { probeRedis } from './probe-redis.ts'
import { prepareServer, type ServerOptions } from './server-options.ts'

/** @throws Error when there is no redis-server or it does not come up */
export async function startRedis(options: ServerOptions = {}): Promise<PrivateServer> {
  const command = requireBinary('redis-server')
  const { port, folder, temporaryFolder } = await prepareServer('redis', options)
  const durable = temporaryFolder === undefined
  return PrivateServer.start({
    name: 'redis-server',
    command,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', durable ? 'yes' : 'no'],
    ],
    url: `redis://127.0.0.1:${port}`,
    port,
    user: undefined,
    probe: probeRedis,
    temporaryFolder,
    stopSignal: 'SIGTERM',
  })
}

import type { ManagedProcess } from '../managed-process.ts'
import { requireBinary } from './binaries.ts'
import { probeRedis } from './probe-redis.ts'
import { prepareServer, startServer, type ServerOptions } from './start-server.ts'

/** @throws Error when there is no redis-server or it does not come up */
export async function startRedis(options: ServerOptions = {}): Promise<ManagedProcess> {
  const command = requireBinary('redis-server')
  const { port, folder, temporaryFolder } = await prepareServer('redis', options)
  const durable = temporaryFolder === undefined
  return startServer({
    name: 'redis-server',
    command,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', durable ? 'yes' : 'no'],
    ],
    url: `redis://127.0.0.1:${port}`,
    port,
    probe: probeRedis,
    temporaryFolder,
    stopSignal: 'SIGTERM',
  })
}

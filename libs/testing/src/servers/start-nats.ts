import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionOptions } from 'nats'
import type { ManagedProcess } from '../managed-process.ts'
import { requireBinary } from './binaries.ts'
import { probeNats } from './probe-nats.ts'
import { onPort } from './on-free-ports.ts'
import { prepareServer, startServer, type ServerOptions } from './start-server.ts'

export interface NatsServerOptions extends ServerOptions {
  /** More of its configuration, such as users or TLS. */
  readonly config?: string
  /** How the probe connects; it asks for JetStream. */
  readonly probeOptions?: ConnectionOptions
}

/** @throws Error when there is no nats-server or it does not come up */
export function startNats(options: NatsServerOptions = {}): Promise<ManagedProcess> {
  return onPort(options.port, (port) => startNatsOn(port, options))
}

async function startNatsOn(port: number, options: NatsServerOptions): Promise<ManagedProcess> {
  const command = requireBinary('nats-server')
  const { folder, temporaryFolder } = prepareServer('nats', options)
  const config = join(folder, 'nats.conf')
  const syncs = temporaryFolder === undefined && canSyncAlways(command)
  writeFileSync(config, natsConfig(port, join(folder, 'jetstream'), syncs) + (options.config ?? ''))
  return startServer({
    name: 'nats-server',
    command,
    args: ['-c', config],
    url: `nats://127.0.0.1:${port}`,
    port,
    probe: (url) => probeNats(url, options.probeOptions),
    temporaryFolder,
    // SIGTERM would let clients drain first on newer servers.
    stopSignal: 'SIGINT',
  })
}

function natsConfig(port: number, storeDir: string, syncAlways: boolean): string {
  return [
    `listen: "127.0.0.1:${port}"`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeDir)}`,
    ...(syncAlways ? ['  sync_interval: always'] : []),
    '}',
    '',
  ].join('\n')
}

/** Servers before 2.10 refuse the setting; there a confirmed message survives the process, not a power cut. */
function canSyncAlways(command: string): boolean {
  const [, major = 0, minor = 0] =
    /v(\d+)\.(\d+)/.exec(execFileSync(command, ['-v'], { encoding: 'utf8' })) ?? []
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 10)
}

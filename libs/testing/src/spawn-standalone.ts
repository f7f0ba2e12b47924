import { APP_NAMES, FAKE_GATEWAY, portVariable, type AppName } from '@runnel/contracts/apps'
import { freePort } from './servers/free-port.ts'
import { onFreePorts } from './servers/on-free-ports.ts'
import type { ManagedProcess } from './managed-process.ts'
import { spawnProgram, type SpawnOptions } from './spawn-app.ts'

/** The variables that move what listens. */
const PORTS = [...APP_NAMES.map(portVariable), FAKE_GATEWAY.portVariable]

/** All apps as one process, as `npm start` runs it. */
export interface RunningStandalone extends ManagedProcess {
  /** Base URLs. */
  readonly ingest: string
  readonly query: string
  readonly simulator: string
  /** The environment that starts it again on the same folder and ports. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Starts the standalone mode on a folder, on free ports unless `env` names them. No server is in its environment.
 *
 * @throws Error with its log when it ends or does not answer in time
 */
export function spawnStandalone(
  folder: string,
  env: Readonly<Record<string, string>> = {},
  options: SpawnOptions = {},
): Promise<RunningStandalone> {
  return onFreePorts(() => spawnOnFreePorts(folder, env, options))
}

async function spawnOnFreePorts(
  folder: string,
  env: Readonly<Record<string, string>>,
  options: SpawnOptions,
): Promise<RunningStandalone> {
  const ports: Record<string, string> = {}
  for (const name of PORTS) ports[name] = env[name] ?? String(await freePort())
  const servers = { DATABASE_URL: '', NATS_URL: '', REDIS_URL: '' }
  const all = { ...servers, ...env, ...ports, RUNNEL_DATA_DIR: folder }
  // The last one that opens.
  const last = Number(ports[portVariable('producer-sim')])
  const running = await spawnProgram('tools/standalone/src/main.ts', last, all, options)
  const url = (app: AppName) => `http://127.0.0.1:${ports[portVariable(app)]}`
  return Object.assign(running, {
    ingest: url('ingest-api'),
    query: url('query-api'),
    simulator: url('producer-sim'),
    env: all,
  })
}

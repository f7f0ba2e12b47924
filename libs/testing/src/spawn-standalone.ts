import { freePort } from './servers/free-port.ts'
import { spawnProgram, type RunningApp, type SpawnOptions } from './spawn-app.ts'

const PORTS = [
  'INGEST_API_PORT',
  'QUERY_API_PORT',
  'MESSAGE_DISPATCHER_PORT',
  'CONSUMER_PORT',
  'PRODUCER_SIM_PORT',
  'GATEWAY_PORT',
] as const

/** All apps as one process, as `npm start` runs it. */
export interface RunningStandalone extends RunningApp {
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
export async function spawnStandalone(
  folder: string,
  env: Readonly<Record<string, string>> = {},
  options: SpawnOptions = {},
): Promise<RunningStandalone> {
  const ports: Record<string, string> = {}
  for (const name of PORTS) ports[name] = env[name] ?? String(await freePort())
  const servers = { DATABASE_URL: '', NATS_URL: '', REDIS_URL: '' }
  const all = { ...servers, ...env, ...ports, RUNNEL_DATA_DIR: folder }
  // The last one that opens.
  const last = Number(ports['PRODUCER_SIM_PORT'])
  const running = await spawnProgram('tools/standalone/src/main.ts', last, all, options)
  const url = (name: (typeof PORTS)[number]) => `http://127.0.0.1:${ports[name]}`
  return {
    ...running,
    ingest: url('INGEST_API_PORT'),
    query: url('QUERY_API_PORT'),
    simulator: url('PRODUCER_SIM_PORT'),
    env: all,
  }
}

import { fileURLToPath } from 'node:url'
import { isPortFree } from '@runnel/testing'

export const WORKSPACE_ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export interface DevApp {
  readonly name: string
  readonly port: number
  /** The variable by which `npm run dev` moves it to another port. */
  readonly portVariable: string
}

/** In the order in which they stop: first who sends, last who only reads. */
const APPS: readonly DevApp[] = [
  { name: 'producer-sim', port: 8083, portVariable: 'PRODUCER_SIM_PORT' },
  { name: 'ingest-api', port: 8080, portVariable: 'INGEST_API_PORT' },
  { name: 'message-dispatcher', port: 8081, portVariable: 'MESSAGE_DISPATCHER_PORT' },
  { name: 'consumer', port: 8082, portVariable: 'CONSUMER_PORT' },
  { name: 'query-api', port: 8000, portVariable: 'QUERY_API_PORT' },
]

/** It listens in producer-sim, on a port of its own. */
const GATEWAY: DevApp = { name: 'the fake gateway', port: 8090, portVariable: 'GATEWAY_PORT' }

type Env = Readonly<Record<string, string | undefined>>

/** @throws Error when a port variable is no port */
export function listDevApps(env: Env): DevApp[] {
  return APPS.map((app) => moved(app, env))
}

/** @throws Error when its port variable is no port */
export function findDevGateway(env: Env): DevApp {
  return moved(GATEWAY, env)
}

function moved(app: DevApp, env: Env): DevApp {
  const text = env[app.portVariable]?.trim()
  if (text === undefined || text === '') return app
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${app.portVariable}=${JSON.stringify(text)}: expected a port from 1 to 65535`)
  return { ...app, port }
}

/** @throws Error that names the taken ports and the variables that move the apps */
export async function requireFreePorts(apps: readonly DevApp[]): Promise<void> {
  const free = await Promise.all(apps.map((app) => isPortFree(app.port)))
  const taken = apps.filter((_, index) => !free[index])
  if (taken.length === 0) return
  const list = taken.map((app) => `${app.port} (${app.name}, ${app.portVariable} moves it)`)
  throw new Error(`Taken port${taken.length > 1 ? 's' : ''}: ${list.join(', ')}`)
}

/** What `npm run dev` prints once all is up. */
export function formatTable(apps: readonly DevApp[], ready: ReadonlySet<string>): string {
  const rows = apps.map(({ name, port }) => {
    const url = `http://127.0.0.1:${port}`
    return ready.has(name)
      ? [name, url, `${url}/docs`, `${url}/metrics`]
      : [name, url, 'does not answer yet', '']
  })
  const all = [['app', 'url', 'docs', 'metrics'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

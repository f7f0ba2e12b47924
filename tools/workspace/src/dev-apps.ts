import { fileURLToPath } from 'node:url'
import { APP_NAMES, APPS, FAKE_GATEWAY, portVariable, type AppName } from '@runnel/contracts/apps'
import { isPortFree } from '@runnel/testing'

export const WORKSPACE_ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export interface DevApp {
  readonly name: string
  readonly port: number
  /** The variable by which `npm run dev` moves it to another port. */
  readonly portVariable: string
}

/** An app under `npm run dev`. */
export interface DevProcess extends DevApp {
  readonly name: AppName
}

/** In the order in which they stop: what sends events comes first. */
const STOPPING = APP_NAMES.toReversed().map((name): DevProcess => ({
  name,
  port: APPS[name].port,
  portVariable: portVariable(name),
}))

type Env = Readonly<Record<string, string | undefined>>

/** @throws Error when a port variable is not a port */
export function listDevApps(env: Env): DevProcess[] {
  return STOPPING.map((app) => moved(app, env, [app.portVariable]))
}

/** @throws Error when its port variable is not a port */
export function findDevGateway(env: Env): DevApp {
  return moved(FAKE_GATEWAY, env, [FAKE_GATEWAY.portVariable, FAKE_GATEWAY.variable])
}

function moved<T extends DevApp>(app: T, env: Env, variables: readonly string[]): T {
  const variable = variables.find((name) => env[name]?.trim())
  if (variable === undefined) return app
  const text = env[variable]?.trim()
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`${variable}=${JSON.stringify(text)}: expected a port from 1 to 65535`)
  return { ...app, port }
}

/** @throws Error that names the taken ports and the variables that move the apps */
export async function requireFreePorts(apps: readonly DevApp[]): Promise<void> {
  const free = await Promise.all(apps.map((app) => isPortFree(app.port)))
  const taken = apps.filter((_, index) => !free[index])
  if (taken.length === 0) return
  const list = taken.map((app) => `${app.port} (${app.name}, set ${app.portVariable} to another port)`)
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

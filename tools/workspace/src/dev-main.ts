import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { prettyFactory } from 'pino-pretty'
import { appUrl } from '@runnel/runtime'
import {
  findDevGateway,
  formatTable,
  listDevApps,
  requireFreePorts,
  WORKSPACE_ROOT,
  type DevApp,
  type DevProcess,
} from './dev-apps.ts'
import { chooseDevDataDir } from './choose-dev-data-dir.ts'
import { DEV_DATABASE, ensureDatabase } from './dev-database.ts'
import { findServices, type FoundServices } from './find-services.ts'
import { WAIT_LIMIT_MS, withDatabase } from '@runnel/testing'
import { readServiceFiles } from './read-service-files.ts'
import { runCommand } from './run-command.ts'
import { showControls } from './show-controls.ts'
import { noLocalPorts } from './no-local-ports.ts'
import { WatchedApp } from './watched-app.ts'

/** `npm run dev`: the five apps on real services, restarted with every change; Ctrl-C stops all. */
const COLOURS = ['cyan', 'magenta', 'yellow', 'green', 'blue'] as const
/** Lines of pino's JSON for a person; any other line stays as it is. The app stands before each line already. */
const formatLog = prettyFactory({
  colorize: process.stdout.isTTY,
  ignore: 'pid,hostname,name,time',
  singleLine: true,
})

async function main(signal: AbortSignal): Promise<void> {
  const envFile = join(WORKSPACE_ROOT, '.env')
  // What is already set wins over the file.
  if (existsSync(envFile)) process.loadEnvFile(envFile)
  readServiceFiles(process.env)
  const apps = listDevApps(process.env)
  const gateway = findDevGateway(process.env)
  await requireFreePorts([...apps, gateway])
  const services = await findServices({
    env: process.env,
    ...noLocalPorts(process.env),
    dataDir: chooseDevDataDir(WORKSPACE_ROOT),
    report: (line) => console.log(line),
  })
  try {
    const env = {
      ...process.env,
      ...services.urls,
      DATABASE_URL: chooseDatabase(services),
      ...chooseAppUrls(apps, gateway),
    }
    await prepareDatabase(env, signal)
    if (!signal.aborted) await runApps(apps, env, signal)
  } finally {
    await services.close()
  }
}

/** A URL from the environment names the database; on a server that was found `npm run dev` uses its own. */
function chooseDatabase({ urls }: FoundServices): string {
  return process.env['DATABASE_URL'] ? urls.DATABASE_URL : withDatabase(urls.DATABASE_URL, DEV_DATABASE)
}

/** Where apps find each other on the ports that they were moved to, unless the environment says where. */
function chooseAppUrls(apps: readonly DevProcess[], gateway: DevApp): Record<string, string> {
  const urls: Record<string, string> = {}
  const follow = (port: number, variable: string, formerly = variable): void => {
    if (!process.env[variable]?.trim() && !process.env[formerly]?.trim())
      urls[variable] = `http://127.0.0.1:${port}`
  }
  for (const { name, port } of apps) {
    const { variable, formerly } = appUrl(name)
    follow(port, variable, formerly)
  }
  follow(gateway.port, 'GATEWAY_URL')
  return urls
}

async function prepareDatabase(
  env: NodeJS.ProcessEnv & { DATABASE_URL: string },
  signal: AbortSignal,
): Promise<void> {
  await ensureDatabase(env.DATABASE_URL)
  const where = { cwd: WORKSPACE_ROOT, env, signal }
  const migrated = await runCommand(
    process.execPath,
    ['libs/repositories/database/src/migrate-main.ts'],
    where,
  )
  if (!migrated && !signal.aborted) throw new Error('The database could not be migrated: see above')
}

async function runApps(
  apps: readonly DevProcess[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  const width = Math.max(...apps.map(({ name }) => name.length))
  const starting = apps.map((app, index) => {
    const prefix = styleText(COLOURS[index % COLOURS.length] ?? 'white', app.name.padEnd(width))
    return WatchedApp.start(app, env, (line, isEnd) => {
      const text = isEnd ? styleText('red', line) : formatLog(showControls(line)).trimEnd()
      console.log(`${prefix} ${text.replaceAll('\n', `\n${prefix} `)}`)
    })
  })
  const running = await Promise.all(starting)
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort')
  const ready = new Set<string>()
  const answering = running.map(async (app) => {
    if (await app.answers(WAIT_LIMIT_MS)) ready.add(app.app.name)
  })
  void Promise.all(answering).then(() => {
    if (!signal.aborted) console.log(`\n${formatTable(apps, ready)}\n\nCtrl-C stops everything.\n`)
  })
  await stopped
  for (const app of running) await app.stop()
}

const abort = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => abort.abort())
try {
  await main(abort.signal)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

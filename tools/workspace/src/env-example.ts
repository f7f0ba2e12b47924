import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listDevApps, WORKSPACE_ROOT } from './dev-apps.ts'

/** A setting as src/config.ts of every app exports it. */
interface Setting {
  readonly fallback: string | undefined
  readonly description: string
}

/** An app's settings by variable. */
export type AppSettings = Readonly<Record<string, Setting>>

const WIDTH = 110
const HEAD = `# Settings of Runnel, with their defaults. Copy this file to .env and change what you need: npm start, npm run dev
# and nx serve read it. A container or a service manager sets the same variables. npm run env-example rewrites it.
# npm start takes every one that has to do with no server; its own defaults: LOG_LEVEL=warn, streams of 64 MiB,
# BATCH_LINGER_MS=1, BATCH_CONCURRENCY=1.
`

const DEV: AppSettings = {
  ...Object.fromEntries(
    listDevApps({}).map(({ name, port, portVariable }) => [
      portVariable,
      {
        fallback: String(port),
        description: `TCP port of ${name} under npm start and npm run dev, in place of PORT`,
      },
    ]),
  ),
  CHROMIUM_PATH: { fallback: '', description: 'Browser of npm test, where it is none of the usual programs' },
  RUNNEL_DATA_DIR: { fallback: '.runnel', description: 'Folder of the data of npm start' },
  RUNNEL_PRIVATE_SERVICES: {
    fallback: '0',
    description:
      '1: servers of their own for npm test and npm run dev, whatever answers on the standard ports',
  },
}

/** Imports the settings of every app. @throws Error when an app exports none */
export async function loadAppSettings(): Promise<Map<string, AppSettings>> {
  const apps = new Map<string, AppSettings>()
  for (const { name } of listDevApps({})) {
    const file = join(WORKSPACE_ROOT, 'apps', name, 'src/config.ts')
    const { settings } = (await import(pathToFileURL(file).href)) as { settings?: AppSettings }
    if (settings === undefined) throw new Error(`${file} exports no settings`)
    apps.set(name, settings)
  }
  return apps
}

/** The text of .env.example: first what several apps read alike, then what is an app's own. */
export function renderEnvExample(apps: ReadonlyMap<string, AppSettings>): string {
  const shared: Record<string, Setting> = {}
  const own = new Map<string, Record<string, Setting>>()
  for (const [app, settings] of apps) {
    const mine: Record<string, Setting> = {}
    for (const [name, setting] of Object.entries(settings)) {
      const readers = [...apps].filter(([, other]) => name in other)
      const alike = readers.every(([, other]) => describe(name, other[name]) === describe(name, setting))
      if (readers.length === 1 || !alike) mine[name] = setting
      else if (readers.length === apps.size) shared[name] = setting
      else shared[name] = { ...setting, description: `${setting.description} (${list(readers)})` }
    }
    own.set(app, mine)
  }
  const sections = [['Shared', shared], ...own, ['Only npm start, npm run dev and npm test', DEV]] as const
  return HEAD + sections.map(([title, settings]) => renderSection(title, settings)).join('')
}

function list(readers: readonly (readonly [string, AppSettings])[]): string {
  return readers.map(([app]) => app).join(', ')
}

function renderSection(title: string, settings: AppSettings): string {
  const entries = Object.entries(settings).map(([name, setting]) => describe(name, setting))
  return entries.length === 0 ? '' : `\n${`# ---- ${title} `.padEnd(WIDTH, '-')}\n\n${entries.join('\n')}`
}

function describe(name: string, setting: Setting | undefined): string {
  const fallback = setting?.fallback
  const note = fallback === undefined ? ' Required.' : ''
  return `# ${setting?.description ?? ''}.${note}\n# ${name}=${fallback ?? ''}\n`
}

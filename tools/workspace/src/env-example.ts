import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { APP_NAMES } from '@runnel/contracts/apps'
import {
  fileVariableOf,
  integer,
  listSettings,
  text,
  type ListedSetting,
  type SettingsTable,
} from '@runnel/runtime'
import { WORKSPACE_ROOT } from './dev-apps.ts'

/** An app's settings: what its src/config.ts exports. */
export type AppSettings = SettingsTable

const WIDTH = 110
const HEAD = `# Settings of Runnel, with their defaults. Copy this file to .env and change what you need: npm start, npm run dev,
# npm run sim and nx serve read it. A container or a service manager sets the same variables. npm run env-example
# rewrites this file.
#
# Every app reads each of its settings by two names: with the name of the app before it, for this app alone
# (CONSUMER_LOG_LEVEL), and without, for every app that reads it (LOG_LEVEL). The first one wins; empty means not set.
# What only one app reads is listed under its own name here.
#
# What is true or false is written so, or as 1 or 0.
#
# Of what may be secret, a file can hold the value instead of the variable: GATEWAY_TOKEN_FILE=/run/secrets/token. Newlines at
# its end are removed. Where both are set, no app starts.
#
# npm start refuses what has no effect without servers. Some of its defaults differ: LOG_LEVEL=warn, streams of 64 MiB, for
# the consumer BATCH_LINGER_MS=1 and BATCH_CONCURRENCY=1, and no GATEWAY_URL: messages stay here.
`

const DEVELOPMENT: SettingsTable = {
  chromiumPath: text('CHROMIUM_PATH', '', 'Browser of npm test, where it is not one of the usual programs'),
  dataDir: text('RUNNEL_DATA_DIR', '.runnel', 'Folder of the data of npm start'),
  storageReserve: integer(
    'STORAGE_RESERVE_BYTES',
    24 * 1024 ** 2,
    'Bytes of the disk that npm start leaves free: below, it reads and takes nothing new',
  ),
  storageBallast: integer(
    'STORAGE_BALLAST_BYTES',
    32 * 1024 ** 2,
    'Size of the file that npm start gives up on a full disk, so that it can recover and tidy up',
  ),
  privateServices: text(
    'RUNNEL_PRIVATE_SERVICES',
    '0',
    '1: npm test and npm run dev start servers of their own, even if others answer on the standard ports',
  ),
}

/** Imports the settings of every app. @throws Error when an app exports none */
export async function loadAppSettings(): Promise<Map<string, AppSettings>> {
  const apps = new Map<string, AppSettings>()
  for (const name of APP_NAMES) {
    const file = join(WORKSPACE_ROOT, 'apps', name, 'src/config.ts')
    const { settings } = (await import(pathToFileURL(file).href)) as { settings?: AppSettings }
    if (settings === undefined) throw new Error(`${file} exports no settings`)
    apps.set(name, settings)
  }
  return apps
}

/** A setting as one section shows it. */
interface Entry {
  /** The outermost group that it is in, e.g. `batches`; empty at the top of the table. */
  readonly group: string
  readonly name: string
  readonly fallback: string | undefined
  readonly description: string
  /** Whether a file may hold it. */
  readonly isFile: boolean
}

/**
 * The text of .env.example: first what several apps read alike, then what is an app's own, by the app's variable.
 *
 * @throws Error where one variable has two descriptions: it would mean two things in one file
 */
export function renderEnvExample(apps: ReadonlyMap<string, AppSettings>): string {
  const listed = [...apps].map(([app, table]) => [app, listSettings(table)] as const)
  const shared = new Map<string, Entry>()
  const own = listed.map(([app, settings]): [string, Entry[]] => {
    const entries: Entry[] = []
    for (const each of settings) {
      const { variable } = each.setting
      const readers = listed.flatMap(([name, others]) =>
        others
          .filter(({ setting }) => setting.variable === variable)
          .map(({ setting }) => ({ name, setting })),
      )
      if (readers.some(({ setting }) => setting.description !== each.setting.description))
        throw new Error(
          `${variable} means different things to ${readers.map(({ name }) => name).join(' and ')}`,
        )
      const alike = readers.every(({ setting }) => setting.fallback === each.setting.fallback)
      if (readers.length > 1 && alike) {
        if (!shared.has(variable)) shared.set(variable, sharedEntry(each, readers, apps.size))
      } else entries.push(entryOf(each, each.setting.appVariable ?? variable))
    }
    return [app, entries]
  })
  const development = listSettings(DEVELOPMENT).map((each) => entryOf(each, each.setting.variable))
  const sections = [
    ['Shared', [...shared.values()]],
    ...own,
    ['npm start, npm run dev and npm test alone', development],
  ] as const
  return HEAD + sections.map(([title, entries]) => renderSection(title, entries)).join('')
}

function sharedEntry(
  each: ListedSetting,
  readers: readonly { readonly name: string }[],
  appCount: number,
): Entry {
  const entry = entryOf(each, each.setting.variable)
  if (readers.length === appCount) return entry
  return { ...entry, description: `${entry.description} (${readers.map(({ name }) => name).join(', ')})` }
}

function entryOf({ path, setting }: ListedSetting, name: string): Entry {
  const { fallback, description } = setting
  const isFile = fileVariableOf(setting) !== undefined
  return { group: path.length > 1 ? (path[0] ?? '') : '', name, fallback, description, isFile }
}

function renderSection(title: string, entries: readonly Entry[]): string {
  const groups = Map.groupBy(entries, ({ group }) => group)
  return [...groups]
    .map(([group, members]) => {
      const heading = group === '' ? title : `${title}: ${group}`
      return `\n${`# ---- ${heading} `.padEnd(WIDTH, '-')}\n\n${members.map(renderEntry).join('\n')}`
    })
    .join('')
}

function renderEntry({ name, fallback, description, isFile }: Entry): string {
  const note = `${fallback === undefined ? ' Required.' : ''}${isFile ? ` Or ${name}_FILE.` : ''}`
  return `# ${description}.${note}\n# ${name}=${fallback ?? ''}\n`
}

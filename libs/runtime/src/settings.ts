import { variablePrefix, type AppName } from '@runnel/contracts/apps'
import { readSettingFile } from './read-setting-file.ts'

/**
 * Settings come from environment variables. An app lists what it reads as a table of {@link Setting}s whose shape is the
 * configuration that its code takes, so that variables, defaults, units and descriptions stand in one place.
 * `.env.example` is generated from these tables.
 */
export interface Setting<T> {
  /** The environment variable. */
  readonly variable: string
  /** The variable that sets it for one app alone, as {@link forApp} names it; it wins over `variable`. */
  readonly appVariable?: string
  /** Other names that `variable` goes by. Two of them may not say different things. */
  readonly aliases?: readonly string[]
  /** Those of `appVariable`. */
  readonly appAliases?: readonly string[]
  /** What `variable` was called in the version before. */
  readonly formerly?: string
  /** Text in, value out. Throws an Error whose message says what was expected. */
  readonly parse: (text: string) => T
  /** As it would stand in the environment; undefined where the setting has to be given. */
  readonly fallback: string | undefined
  /** One line for `.env.example`, with the unit. */
  readonly description: string
  /** Its text appears nowhere, not even where it is wrong. */
  readonly secret?: boolean
  /** A part of its text may be secret, as the password in a URL is. */
  readonly holdsSecret?: boolean
}

/** Settings in groups of groups, in the shape of the configuration. */
export interface SettingsTable {
  readonly [key: string]: Setting<unknown> | SettingsTable
}

export type SettingsOf<T> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : SettingsOf<T[K]>
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Every problem of a configuration at once, so that one restart is enough to correct them all. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const FIND_PROBLEMS = Symbol('findProblems')

type FindProblems<T> = (values: SettingsOf<T>) => readonly string[]

/**
 * A group whose settings may be right one by one and wrong together. `findProblems` sees the values once each of them is right,
 * and returns a sentence for everything that is wrong.
 */
export function checked<T extends SettingsTable>(table: T, findProblems: FindProblems<T>): T {
  return { ...table, [FIND_PROBLEMS]: findProblems }
}

/**
 * Gives every setting of an app a variable of its own, which wins over the one that all apps share:
 * `CONSUMER_DATABASE_POOL_SIZE` over `DATABASE_POOL_SIZE`.
 */
export function forApp<T extends SettingsTable>(app: AppName, table: T): T {
  const prefix = variablePrefix(app)
  const named = Object.entries(table).map(([key, entry]) => [
    key,
    isSetting(entry) ? nameFor(prefix, entry) : forApp(app, entry),
  ])
  // The table again, for what it is checked by.
  return { ...table, ...Object.fromEntries(named) } as T
}

function nameFor(prefix: string, setting: Setting<unknown>): Setting<unknown> {
  const { variable, aliases } = setting
  const appAliases = aliases?.map((alias) => prefix + alias)
  return { ...setting, appVariable: prefix + variable, ...(appAliases && { appAliases }) }
}

/**
 * Reads every setting of a table: from the app's own variable, from the shared one, from the one of the version before.
 * An empty variable counts as not set. Of what is secret, each variable may instead name a file: see {@link fileVariableOf}.
 *
 * @throws ConfigError that names all problems
 */
export function readSettings<T extends SettingsTable>(table: T, env: Environment): SettingsOf<T> {
  const problems: string[] = []
  const values = mapSettings(table, (setting) => {
    try {
      return readSetting(setting, env)
    } catch (error) {
      problems.push((error as Error).message)
      return undefined
    }
  })
  if (problems.length === 0) problems.push(...problemsOfGroups(table, values))
  if (problems.length > 0) throw new ConfigError(problems)
  return values as SettingsOf<T>
}

function problemsOfGroups(table: SettingsTable, values: Record<string, unknown>): string[] {
  const { [FIND_PROBLEMS]: findProblems } = table as { [FIND_PROBLEMS]?: FindProblems<SettingsTable> }
  const below = Object.entries(table).flatMap(([key, entry]) =>
    isSetting(entry) ? [] : problemsOfGroups(entry, values[key] as Record<string, unknown>),
  )
  return [...(findProblems?.(values as SettingsOf<SettingsTable>) ?? []), ...below]
}

/**
 * The variable that names a file in which a setting stands, `GATEWAY_TOKEN_FILE`: secrets in the environment are seen by more eyes
 * than those in a file.
 *
 * @returns undefined for a setting without secrets
 */
export function fileVariableOf(setting: Setting<unknown>, variable = setting.variable): string | undefined {
  return setting.secret || setting.holdsSecret ? `${variable}_FILE` : undefined
}

/** Every variable that sets a setting, the one that wins first. */
export function variablesOf(setting: Setting<unknown>): string[] {
  return namesOf(setting)
    .flat()
    .flatMap((name) => [name, fileVariableOf(setting, name)])
    .filter((name) => name !== undefined)
}

/** The names of a setting in groups, the one that wins first: of the app, of all apps, of the version before. */
function namesOf(setting: Setting<unknown>): string[][] {
  const { appVariable, appAliases = [], variable, aliases = [], formerly } = setting
  return [
    appVariable === undefined ? [] : [appVariable, ...appAliases],
    [variable, ...aliases],
    formerly === undefined ? [] : [formerly],
  ]
}

function readSetting(setting: Setting<unknown>, env: Environment): unknown {
  const { name, text, isPath } = findText(setting, env)
  if (text === undefined) throw new Error(`${name} is missing: ${setting.description}`)
  try {
    return setting.parse(isPath ? readSettingFile(text) : text)
  } catch (error) {
    const shown = isPath
      ? JSON.stringify(text)
      : setting.secret
        ? '***'
        : JSON.stringify(hideCredentials(text))
    throw new Error(`${name}=${shown}: expected ${(error as Error).message}`, { cause: error })
  }
}

/** What was given in a variable: the setting itself, or the path of its file. */
interface Given {
  readonly name: string
  readonly text: string | undefined
  readonly isPath?: boolean
}

/** @throws Error where a variable and the one for its file are both set, or two names of it that differ */
function findText(setting: Setting<unknown>, env: Environment): Given {
  for (const names of namesOf(setting)) {
    const all = names.flatMap((name) => findGiven(setting, name, env) ?? [])
    const [first] = all
    if (first === undefined) continue
    const other = all.find(({ text, isPath }) => text !== first.text || isPath !== first.isPath)
    if (other !== undefined) throw new Error(`${first.name} and ${other.name} are both set: keep one of them`)
    return first
  }
  return { name: setting.variable, text: setting.fallback }
}

function findGiven(setting: Setting<unknown>, name: string, env: Environment): Given | undefined {
  const fileName = fileVariableOf(setting, name)
  const text = env[name]?.trim()
  const path = fileName === undefined ? undefined : env[fileName]?.trim()
  if (text && path) throw new Error(`${name} and ${fileName} are both set: keep one of them`)
  if (text) return { name, text }
  return fileName !== undefined && path ? { name: fileName, text: path, isPath: true } : undefined
}

/**
 * Problems end up in logs, and URLs of services hold passwords, which may hold any sign that a URL is made of. Only of a URL
 * whose parts are beyond doubt the host is shown.
 */
function hideCredentials(text: string): string {
  if (!/[@?]/.test(text)) return text
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? ''
  const [credentials = '', rest = '', ...more] = text.slice(scheme.length).split('@')
  const isClear = more.length === 0 && !/[/?#]/.test(credentials) && !/[?#]/.test(rest) && URL.canParse(text)
  return isClear && scheme !== '' ? `${scheme}***@${rest}` : `${scheme}***`
}

/** A setting and the keys that lead to it. */
export interface ListedSetting {
  readonly path: readonly string[]
  readonly setting: Setting<unknown>
}

/** Every setting of a table, in its order. */
export function listSettings(table: SettingsTable, path: readonly string[] = []): ListedSetting[] {
  return Object.entries(table).flatMap(([key, entry]) =>
    isSetting(entry) ? [{ path: [...path, key], setting: entry }] : listSettings(entry, [...path, key]),
  )
}

/** Warns of every variable that is set under the name that it had in the version before. */
export function warnOfOldNames(
  log: { warn(fields: object, message: string): void },
  table: SettingsTable,
  env: Environment,
): void {
  for (const { setting } of listSettings(table)) {
    const { formerly, variable } = setting
    if (formerly !== undefined && env[formerly]?.trim())
      log.warn(
        { variable: formerly, newName: variable },
        `the setting ${formerly} is now called ${variable}; the next version ignores the old name`,
      )
  }
}

function isSetting(entry: Setting<unknown> | SettingsTable): entry is Setting<unknown> {
  return typeof entry['parse'] === 'function'
}

function mapSettings(
  table: SettingsTable,
  map: (setting: Setting<unknown>) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([key, entry]) => [
      key,
      isSetting(entry) ? map(entry) : mapSettings(entry, map),
    ]),
  )
}

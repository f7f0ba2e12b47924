/**
 * Settings come from environment variables. An app lists what it reads as a table of {@link Setting}s, so that
 * defaults, units and descriptions stand in one place; `.env.example` is checked against these tables.
 */
export interface Setting<T> {
  /** Text in, value out. Throws an Error whose message says what was expected. */
  readonly parse: (text: string) => T
  /** As it would stand in the environment; undefined where the setting has to be given. */
  readonly fallback: string | undefined
  /** One line for `.env.example`, with the unit. */
  readonly description: string
  /** Its text appears nowhere, not even where it is wrong. */
  readonly secret?: boolean
}

export type SettingsTable = Readonly<Record<string, Setting<unknown>>>

export type SettingsOf<T extends SettingsTable> = { readonly [K in keyof T]: ReturnType<T[K]['parse']> }

/** All problems of a configuration at once, so that nobody has to start an app five times. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Problems end up in logs, and URLs of services hold passwords. */
function hidePassword(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//***@')
}

/**
 * Reads every setting of a table. An empty variable counts as not set.
 *
 * @throws ConfigError that names all problems
 */
export function readSettings<T extends SettingsTable>(
  table: T,
  env: Readonly<Record<string, string | undefined>>,
): SettingsOf<T> {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(table)) {
    const text = env[name]?.trim() || setting.fallback
    if (text === undefined) {
      problems.push(`${name} is missing: ${setting.description}`)
      continue
    }
    try {
      values[name] = setting.parse(text)
    } catch (error) {
      const shown = setting.secret ? '***' : JSON.stringify(hidePassword(text))
      problems.push(`${name}=${shown}: expected ${(error as Error).message}`)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return values as SettingsOf<T>
}

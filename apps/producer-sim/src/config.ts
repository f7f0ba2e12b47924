import { readSettings, serviceSettings, type SettingsOf } from '@runnel/runtime'

/** Everything this app reads from the environment. */
export const settings = serviceSettings(8083)

export type Config = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readSettings(settings, env)
}

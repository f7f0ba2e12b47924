import {
  brokerSettings,
  databaseSettings,
  integer,
  readSettings,
  redisSettings,
  serviceSettings,
  type SettingsOf,
} from '@runnel/runtime'
import { clientOptionsOf, clientSettings } from './clients/settings.ts'
import { scheduleOptionsOf, scheduleSettings } from './schedule/settings.ts'
import { sendingOptionsOf, sendSettings } from './sending/settings.ts'

/** Everything this app reads from the environment. */
export const settings = {
  ...serviceSettings(8081),
  ...brokerSettings,
  ...databaseSettings,
  ...redisSettings,
  ...clientSettings,
  ...scheduleSettings,
  ...sendSettings,
  DATABASE_POOL_SIZE: integer(8, 'Connections to PostgreSQL that a process may hold', { min: 2, max: 1000 }),
}

export type Config = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readSettings(settings, env)
}

/** The settings as the app takes them. */
export function optionsOf(
  config: Pick<
    Config,
    keyof typeof clientSettings | keyof typeof scheduleSettings | keyof typeof sendSettings
  >,
) {
  return {
    clients: clientOptionsOf(config),
    schedule: scheduleOptionsOf(config),
    sending: sendingOptionsOf(config),
  }
}

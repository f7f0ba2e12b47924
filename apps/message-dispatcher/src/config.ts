import {
  brokerSettings,
  databaseSettings,
  forApp,
  pageBytes,
  poolSize,
  readSettings,
  redisSettings,
  serviceSettings,
  type Environment,
  type SettingsOf,
} from '@runnel/runtime'
import { clientSettings } from './clients/settings.ts'
import { scheduleSettings } from './schedule/settings.ts'
import { sendingSettings } from './sending/settings.ts'

/** Everything this app reads from the environment. */
export const settings = forApp('message-dispatcher', {
  ...serviceSettings('message-dispatcher'),
  broker: brokerSettings,
  database: { ...databaseSettings, poolSize: poolSize(8, 2) },
  redis: redisSettings,
  clients: clientSettings,
  schedule: scheduleSettings,
  sending: sendingSettings,
  pageBytes: pageBytes(),
})

export type Config = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Environment): Config {
  return readSettings(settings, env)
}

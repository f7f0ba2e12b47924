import {
  brokerSettings,
  databaseSettings,
  forApp,
  integer,
  pageBytes,
  poolSize,
  readSettings,
  redisSettings,
  serviceSettings,
  type Environment,
  type SettingsOf,
} from '@runnel/runtime'
import { clientSettings } from './clients/settings.ts'
import { dashboardSettings } from './dashboards/settings.ts'
import { dispatcherKeySettings } from './keys/settings.ts'
import { notificationSettings } from './notifications/settings.ts'
import { scheduleSettings } from './schedule/settings.ts'
import { sendingSettings } from './sending/settings.ts'

/** Everything this app reads from the environment. */
export const settings = forApp('message-dispatcher', {
  ...serviceSettings('message-dispatcher'),
  broker: brokerSettings,
  database: { ...databaseSettings, poolSize: poolSize(8, 2) },
  commandPoolSize: integer(
    'COMMAND_POOL_SIZE',
    2,
    'Connections for schedule, pause, resume and cancel of mailings, apart from all others',
    { min: 1, max: 100 },
  ),
  redis: redisSettings,
  clients: clientSettings,
  schedule: scheduleSettings,
  sending: sendingSettings,
  notifications: notificationSettings,
  keys: dispatcherKeySettings,
  dashboards: dashboardSettings,
  notificationPoolSize: integer(
    'NOTIFICATION_POOL_SIZE',
    2,
    'Connections for reports and alerts, apart from all others',
    { min: 1, max: 100 },
  ),
  pageBytes: pageBytes(),
})

export type Config = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Environment): Config {
  return readSettings(settings, env)
}

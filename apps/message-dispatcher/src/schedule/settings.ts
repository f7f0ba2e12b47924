import { integer, type SettingsOf } from '@runnel/runtime'
import type { ScheduleOptions } from './schedule-options.ts'

/** What the schedule of mailings reads from the environment. */
export const scheduleSettings = {
  SCHEDULE_INTERVAL_MS: integer(1000, 'Milliseconds between two looks at which mailings are due', {
    min: 10,
  }),
  MATERIALISE_CLIENTS: integer(30_000, 'Clients that become messages in one transaction', {
    min: 1,
    max: 65_536,
  }),
  STATISTICS_CHECK_INTERVAL_MS: integer(
    600_000,
    'Milliseconds between two comparisons of the statistics of running mailings with their messages',
    { min: 100 },
  ),
}

/** @returns the settings as the schedule takes them */
export function scheduleOptionsOf(config: SettingsOf<typeof scheduleSettings>): ScheduleOptions {
  return {
    intervalMs: config.SCHEDULE_INTERVAL_MS,
    materialiseClients: config.MATERIALISE_CLIENTS,
    checkIntervalMs: config.STATISTICS_CHECK_INTERVAL_MS,
  }
}

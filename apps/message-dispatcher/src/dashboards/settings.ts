import { integer, type SettingsOf } from '@runnel/runtime'

export const dashboardSettings = {
  max: integer('DASHBOARDS_MAX', 500, 'Dashboards there may be', { min: 1, max: 10_000 }),
}

export type DashboardOptions = SettingsOf<typeof dashboardSettings>

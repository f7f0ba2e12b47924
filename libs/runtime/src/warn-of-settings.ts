import { warnOfOpenAccess, type Exposure } from './require-safe-access.ts'
import { warnOfOldNames, type Environment, type SettingsTable } from './settings.ts'

/** At every start: what a person should know of the settings, though they are valid. */
export function warnOfSettings(
  log: { warn(fields: object, message: string): void },
  config: Exposure,
  settings: SettingsTable,
  env: Environment,
): void {
  warnOfOldNames(log, settings, env)
  warnOfOpenAccess(log, config, settings)
}

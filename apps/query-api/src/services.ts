import { APP_NAMES, type AppName } from '@runnel/contracts/apps'
import { appUrl, type Setting, type SettingsOf } from '@runnel/runtime'

export type ServiceName = Exclude<AppName, 'query-api'>

/** The other apps. */
export const SERVICE_NAMES = APP_NAMES.filter((name): name is ServiceName => name !== 'query-api')

/** Where the other apps answer, by their names. */
export const serviceUrlSettings = Object.fromEntries(
  SERVICE_NAMES.map((name) => [name, originOf(appUrl(name))]),
) as Readonly<Record<ServiceName, Setting<string>>>

/** The other apps by name, each with its origin. */
export type Services = SettingsOf<typeof serviceUrlSettings>

/** What is forwarded keeps its own path: of the URL, only the origin counts. */
function originOf(setting: Setting<string>): Setting<string> {
  return { ...setting, parse: (text) => new URL(setting.parse(text)).origin }
}

import { BROKER_VARIABLES, DATABASE_VARIABLES } from '@runnel/contracts/apps'
import { settings as consumer } from '@runnel/consumer'
import { settings as ingest } from '@runnel/ingest-api'
import { settings as dispatcher } from '@runnel/message-dispatcher'
import { settings as simulator } from '@runnel/producer-sim'
import { settings as query } from '@runnel/query-api'
import { listSettings, variablesOf, type Environment, type SettingsTable } from '@runnel/runtime'

const APP_SETTINGS: readonly SettingsTable[] = [ingest, consumer, query, dispatcher, simulator]

/** What a shell often has set for other programs: it never keeps npm start from starting. */
const COMMON: ReadonlySet<string> = new Set([...DATABASE_VARIABLES, ...BROKER_VARIABLES, 'REDIS_URL', 'PORT'])

export interface UnusedSettings {
  /** Variables that are left aside. */
  readonly ignored: readonly string[]
  /** A sentence for each variable that would have no effect, though it was set for Runnel. */
  readonly refused: readonly string[]
}

/**
 * What is set for the apps as processes of their own, and means nothing in one process without servers. A variable that says no
 * more than the default is not among it.
 *
 * @param used the settings of npm start
 */
export function findUnusedSettings(used: SettingsTable, env: Environment): UnusedSettings {
  const names = new Set(listSettings(used).flatMap(({ setting }) => variablesOf(setting)))
  const ignored = new Set<string>()
  const refused = new Set<string>()
  for (const { setting } of APP_SETTINGS.flatMap((table) => listSettings(table)))
    for (const name of variablesOf(setting)) {
      const text = env[name]?.trim() ?? ''
      if (names.has(name) || text === '') continue
      if (COMMON.has(name)) ignored.add(name)
      else if (text !== setting.fallback)
        refused.add(
          `${name} has no effect in npm start, which runs all apps in one process without servers: remove it, or use npm run dev`,
        )
    }
  return { ignored: [...ignored], refused: [...refused] }
}

import type { AppName } from '@runnel/contracts/apps'
import type { requireSafeAccess, SettingsTable } from '@runnel/runtime'
import { join } from 'node:path'

/** The folder of the whole workspace. */
export const ROOT = join(import.meta.dirname, '../../..')

/** What src/config.ts of every app exports. */
export interface AppConfig {
  readonly settings: SettingsTable
  loadConfig(env: Readonly<Record<string, string | undefined>>): Parameters<typeof requireSafeAccess>[0] & {
    readonly port: number
    readonly shutdownMs: number
    /** Of producer-sim alone. */
    readonly gateway?: { readonly port: number }
  }
}

export async function importConfig(app: AppName): Promise<AppConfig> {
  return (await import(join(ROOT, 'apps', app, 'src/config.ts'))) as AppConfig
}

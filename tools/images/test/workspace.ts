import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The folder of the whole workspace. */
export const ROOT = join(import.meta.dirname, '../../..')

export const APPS = globSync('apps/*', { cwd: ROOT })
  .map((folder) => basename(folder))
  .sort()

/** What src/config.ts of every app exports. */
export interface AppConfig {
  readonly settings: Readonly<Record<string, { readonly fallback: string | undefined }>>
  loadConfig(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, unknown>>
}

export async function importConfig(app: string): Promise<AppConfig> {
  return (await import(join(ROOT, 'apps', app, 'src/config.ts'))) as AppConfig
}

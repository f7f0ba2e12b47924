import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { WAIT_LIMIT_MS } from './wait-limit.ts'
import { workspaceRoot } from './workspace-root.ts'

const PROGRAM = 'libs/repositories/database/src/migrate-main.ts'

/**
 * Applies all migrations, as `npm run migrate` does: an import of @runnel/repositories-database would close a circle, for its own
 * tests use this library.
 *
 * @throws Error with what the command wrote
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: databaseUrl }
  try {
    await promisify(execFile)(process.execPath, [join(workspaceRoot, PROGRAM)], {
      env,
      timeout: WAIT_LIMIT_MS,
    })
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`The migrations failed:\n${stdout}${stderr}`, { cause })
  }
}

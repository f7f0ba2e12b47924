import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { repositoryRoot } from './repository-root.ts'

const MAIN = join(repositoryRoot, 'libs/repositories/database/src/migrate-main.ts')

/** As `npm run migrate` does it. @throws Error with what it wrote */
export async function migrate(databaseUrl: string): Promise<void> {
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: databaseUrl }
  await promisify(execFile)(process.execPath, [MAIN], { env })
}

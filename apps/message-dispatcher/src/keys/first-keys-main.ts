import { createLogger } from '@runnel/observability'
import { connectDatabase, requireMigrated } from '@runnel/repositories-database'
import { databaseConnectionSettings, readSettings } from '@runnel/runtime'
import { describeProblem } from './cli/read-input.ts'
import { printFirstKey } from './print-first-key.ts'
import { dispatcherKeySettings } from './settings.ts'
import { writeScrapeKey } from './write-scrape-key.ts'

/**
 * `node first-keys.mjs <file>`: prints the first admin key, and writes a key with metrics:scrape to the file for Prometheus. Each is
 * made once; safe to repeat.
 */
async function run(file: string | undefined): Promise<void> {
  if (file === undefined) throw new Error('Expected the file that the key for Prometheus is written to')
  const { connection, max } = readSettings(
    { connection: databaseConnectionSettings, max: dispatcherKeySettings.max },
    process.env,
  )
  const database = connectDatabase({
    ...connection,
    applicationName: 'runnel-first-keys',
    poolSize: 1,
    statementTimeoutMs: 10_000,
  })
  try {
    await requireMigrated(database)
    await printFirstKey(database, createLogger('first-keys', 'warn'), (text) => process.stdout.write(text))
    await writeScrapeKey(database, file, max)
  } finally {
    await database.close()
  }
}

try {
  await run(process.argv[2])
} catch (error) {
  console.error(describeProblem(error))
  process.exitCode = 1
}

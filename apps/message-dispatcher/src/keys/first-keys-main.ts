import { createLogger } from '@runnel/observability'
import { connectForCommand, requireMigrated } from '@runnel/repositories-database'
import { readSettings, runCommand, UsageError } from '@runnel/runtime'
import { printFirstKey } from './print-first-key.ts'
import { dispatcherKeySettings } from './settings.ts'
import { writeScrapeKey } from './write-scrape-key.ts'

/**
 * `node first-keys.mjs <file>`: prints the first admin key, and writes a key with metrics:scrape to the file for Prometheus. Each is
 * made once; safe to repeat.
 */
async function run(file: string | undefined): Promise<void> {
  if (file === undefined) throw new UsageError('Expected the file that the key for Prometheus is written to')
  const { max } = readSettings({ max: dispatcherKeySettings.max }, process.env)
  const database = await connectForCommand(process.env, { name: 'first-keys', statementTimeoutMs: 10_000 })
  try {
    await requireMigrated(database)
    await printFirstKey(database, createLogger('first-keys', 'warn'), (text) => process.stdout.write(text))
    await writeScrapeKey(database, file, max)
  } finally {
    await database.close()
  }
}

await runCommand(() => run(process.argv[2]))

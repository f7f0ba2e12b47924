import { createLogger } from '@runnel/observability'
import { connectForCommand } from './connect-for-command.ts'
import { describeLetterCase } from './describe-letter-case.ts'
import { migrateToLatest } from './migrator.ts'

/** `npm run migrate`: a job of its own, safe when several run at once. */
const log = createLogger('migrate', 'info')
try {
  const database = await connectForCommand(process.env, {
    ...{ name: 'migrate', poolSize: 2, statementTimeoutMs: 600_000 },
  })
  try {
    log.info({ applied: await migrateToLatest(database) }, 'the database is up to date')
    const limit = await describeLetterCase(database)
    if (limit !== undefined) log.warn(limit)
  } finally {
    await database.close()
  }
} catch (error) {
  log.fatal({ err: error }, 'could not migrate')
  process.exitCode = 1
}

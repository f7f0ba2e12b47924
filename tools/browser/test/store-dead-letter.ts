import { createEventIds, createTopology } from '@runnel/contracts'
import { connectDatabase, connectPGlite, migrateToLatest } from '@runnel/repositories-database'
import { storeDeadLetters } from '@runnel/repositories-events'

/** What nobody could store once, for a reason that holds no more: as a column that was too narrow then. */
export const BURIED = { level: 'info', message: 'buried by mistake' }
export const BURIED_REASON = 'the column was too narrow'

const createLetter = (prefix: string) => ({
  sourceId: createEventIds()(),
  kind: 'logs',
  subject: createTopology(prefix).subject('logs'),
  payload: Buffer.from(JSON.stringify(BURIED)),
  reason: BURIED_REASON,
  operation: 'upsert' as const,
})

/** Leaves a dead letter in PostgreSQL. */
export async function buryInDatabase(url: string, prefix: string): Promise<void> {
  const database = connectDatabase({
    url,
    applicationName: 'test',
    poolSize: 1,
    statementTimeoutMs: 5000,
  })
  await storeDeadLetters(database, [createLetter(prefix)])
  await database.close()
}

/** Leaves a dead letter in a folder of the standalone mode, which nobody may be using. */
export async function buryInFolder(folder: string): Promise<void> {
  const onFatal = (error: unknown) => {
    throw error
  }
  const database = await connectPGlite({ folder, onFatal })
  await migrateToLatest(database)
  await storeDeadLetters(database, [createLetter('')])
  await database.close()
}

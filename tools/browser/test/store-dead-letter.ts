import { createEventIds, createTopology } from '@runnel/contracts'
import { connectDatabase, connectPGlite, migrateToLatest } from '@runnel/repositories-database'
import { storeDeadLetters } from '@runnel/repositories-events'

/** An event that could not be stored, for a reason that does not apply any more: it is stored when it is replayed. */
export const DEAD_LETTER = { level: 'info', message: 'buried by mistake' }
export const DEAD_LETTER_REASON = 'the column was too narrow'

const createLetter = (prefix: string) => ({
  sourceId: createEventIds()(),
  kind: 'logs',
  subject: createTopology(prefix).subject('logs'),
  payload: Buffer.from(JSON.stringify(DEAD_LETTER)),
  reason: DEAD_LETTER_REASON,
  operation: 'upsert' as const,
  form: 'message' as const,
  receivedAtMs: Date.now(),
})

/** Leaves a dead letter in PostgreSQL. */
export async function storeDeadLetterInDatabase(url: string, prefix: string): Promise<void> {
  const database = connectDatabase({
    url,
    applicationName: 'test',
    poolSize: 1,
    statementTimeoutMs: 5000,
  })
  await storeDeadLetters(database, [createLetter(prefix)])
  await database.close()
}

/** Leaves a dead letter in a folder of the standalone mode, which no process may be using. */
export async function storeDeadLetterInFolder(folder: string): Promise<void> {
  const onFatal = (error: unknown) => {
    throw error
  }
  const database = await connectPGlite({ folder, onFatal })
  await migrateToLatest(database)
  await storeDeadLetters(database, [createLetter('')])
  await database.close()
}

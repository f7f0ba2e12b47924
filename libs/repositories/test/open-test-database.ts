import { createTestDatabase } from '@runnel/testing'
import { connectDatabase, type Database } from '../src/database.ts'

export interface OpenTestDatabase extends Database {
  /** Closes the pool and removes the database. */
  drop(): Promise<void>
}

/** A migrated database of this test's own, with a pool. */
export async function openTestDatabase(poolSize = 8): Promise<OpenTestDatabase> {
  const made = await createTestDatabase()
  const database = connectDatabase({
    url: made.url,
    applicationName: 'test',
    poolSize,
    statementTimeoutMs: 10_000,
  })
  return {
    ...database,
    drop: async () => {
      await database.close()
      await made.drop()
    },
  }
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { connectDatabase } from '../src/database.ts'
import { migrateToLatest, requireMigrated, UnmigratedError } from '../src/migrator.ts'
import { waitUntilMigrated } from '../src/wait-until-migrated.ts'

describe('migrations', () => {
  let empty: TestDatabase

  beforeEach(async () => {
    empty = await createTestDatabase({ migrated: false })
  })
  afterEach(() => empty.drop())

  const connect = (url = empty.url) =>
    connectDatabase({
      url,
      applicationName: 'test',
      poolSize: 2,
      statementTimeoutMs: 10_000,
      connectTimeoutMs: 500,
    })

  it('are applied once when several processes migrate at the same time', async () => {
    const databases = [connect(), connect(), connect()]
    const applied = await Promise.all(databases.map((database) => migrateToLatest(database)))
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
    await Promise.all(databases.map(requireMigrated))
    await Promise.all(databases.map((database) => database.close()))
  })

  it('are required: a database that answers without them is refused at once', async () => {
    const database = connect()
    await expect(requireMigrated(database)).rejects.toThrow(UnmigratedError)
    const waits: unknown[] = []
    const waiting = waitUntilMigrated(database, AbortSignal.timeout(10_000), (error) => waits.push(error))
    await expect(waiting).rejects.toThrow('npm run migrate')
    expect(waits).toHaveLength(0)
    await database.close()
  })

  it('are waited for while the database is unreachable, until the signal aborts', async () => {
    const database = connect('postgres://127.0.0.1:9/nowhere')
    const abort = new AbortController()
    const waiting = waitUntilMigrated(database, abort.signal, () => abort.abort())
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    await database.close()
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { connectDatabase, type Database } from '../src/database.ts'
import { describeLetterCase } from '../src/describe-letter-case.ts'
import { migrateToLatest, requireMigrated } from '../src/migrator.ts'
import { waitUntilMigrated } from '../src/wait-until-migrated.ts'

const connect = (url: string): Database =>
  connectDatabase({ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 })

describe.each(['LATIN1', 'SQL_ASCII'])('a database in the encoding %s', (encoding) => {
  let beside: TestDatabase
  let administrator: Database
  let database: Database
  let name: string

  beforeEach(async () => {
    beside = await createTestDatabase({ migrated: false })
    administrator = connect(beside.url)
    name = `${beside.name}_${encoding.toLowerCase()}`
    await sql`create database ${sql.id(name)} encoding ${sql.lit(encoding)} locale 'C' template template0`.execute(
      administrator.kysely,
    )
    database = connect(beside.url.replace(beside.name, name))
  })
  afterEach(async () => {
    await database.close()
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(administrator.kysely)
    await administrator.close()
    await beside.drop()
  })

  it('is refused by the migrations, which leave it empty', async () => {
    await expect(migrateToLatest(database)).rejects.toThrow(
      `The database ${name} has the encoding ${encoding}`,
    )
    const { rows } =
      await sql`select relname from pg_class where relnamespace = 'public'::regnamespace`.execute(
        database.kysely,
      )
    expect(rows).toEqual([])
  })

  it('is refused at a start, which does not wait for it to become another', async () => {
    await expect(requireMigrated(database)).rejects.toThrow(encoding)
    const waits: unknown[] = []
    const waiting = waitUntilMigrated(database, AbortSignal.timeout(10_000), (error) => waits.push(error))
    await expect(waiting).rejects.toThrow("encoding 'UTF8'")
    expect(waits).toEqual([])
  })
})

describe('a database that knows case of ASCII letters alone', () => {
  it('is used, and described in a sentence that says what to do', async () => {
    const beside = await createTestDatabase({ migrated: false })
    const administrator = connect(beside.url)
    const name = `${beside.name}_c`
    await sql`create database ${sql.id(name)} encoding 'UTF8' locale 'C' template template0`.execute(
      administrator.kysely,
    )
    const database = connect(beside.url.replace(beside.name, name))
    try {
      await migrateToLatest(database)
      await requireMigrated(database)
      expect(await describeLetterCase(database)).toMatch(
        new RegExp(
          `^The database ${name} has the locale C, which .* "lc_ctype 'C.UTF-8'" knows all of them$`,
        ),
      )
      expect(await describeLetterCase(administrator)).toBeUndefined()
    } finally {
      await database.close()
      await sql`drop database ${sql.id(name)} with (force)`.execute(administrator.kysely)
      await administrator.close()
      await beside.drop()
    }
  })
})

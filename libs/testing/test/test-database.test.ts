import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Client } from 'pg'
import { createTestDatabase, startPostgres, type ManagedProcess } from '../src/index.ts'

let server: ManagedProcess

beforeAll(async () => {
  server = await startPostgres()
})

afterAll(async () => {
  await server.close()
})

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

test('a test database is migrated, alone, and gone after drop', async () => {
  const [first, second] = await Promise.all([
    createTestDatabase({ serverUrl: server.url }),
    createTestDatabase({ serverUrl: server.url }),
  ])
  const migrations = await query(first.url, 'select count(*)::int as count from kysely_migration')
  expect(migrations).toEqual([{ count: expect.any(Number) }])
  await query(first.url, 'create table only_here (id int)')
  expect(await query(second.url, `select to_regclass('only_here') as found`)).toEqual([{ found: null }])
  await first.drop()
  await second.drop()
  const left = await query(server.url, `select datname from pg_database where datname like 'runnel%'`)
  expect(left).toEqual([{ datname: expect.stringMatching(/_template_[0-9a-f]{12}$/) }])
})

test('a database that is in use is dropped all the same', async () => {
  const database = await createTestDatabase({ serverUrl: server.url, migrated: false })
  const client = new Client({ connectionString: database.url })
  client.on('error', () => {})
  await client.connect()
  await database.drop()
  await expect(client.query('select 1')).rejects.toThrow()
})

test('a missing server is named with the way out', async () => {
  await expect(createTestDatabase({ serverUrl: 'postgres://postgres@127.0.0.1:1/postgres' })).rejects.toThrow(
    /127\.0\.0\.1:1.*set DATABASE_URL/,
  )
})

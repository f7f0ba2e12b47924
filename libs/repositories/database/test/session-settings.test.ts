import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { connectDatabase, type Database } from '../src/database.ts'
import { migrateToLatest, requireMigrated } from '../src/migrator.ts'
import { pinSession } from '../src/session-settings.ts'

const connect = (url: string): Database =>
  connectDatabase({ url, applicationName: 'test', poolSize: 2, statementTimeoutMs: 10_000 })

/** What an administrator may have set, each in a way that would change an answer. */
const ODD: Readonly<Record<string, string>> = {
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  timezone: 'Asia/Kathmandu',
  extra_float_digits: '-10',
  bytea_output: 'escape',
  array_nulls: 'off',
  transform_null_equals: 'on',
  search_path: 'elsewhere',
  default_transaction_isolation: 'serializable',
  lock_timeout: '1ms',
  synchronous_commit: 'off',
}

describe('the settings of a session', () => {
  let made: TestDatabase
  let database: Database

  beforeEach(async () => {
    made = await createTestDatabase({ migrated: false })
    const administrator = connect(made.url)
    for (const [name, value] of Object.entries(ODD))
      await sql`alter database ${sql.id(made.name)} set ${sql.id(name)} to ${sql.lit(value)}`.execute(
        administrator.kysely,
      )
    await administrator.close()
    database = connect(made.url)
  })
  afterEach(async () => {
    await database.close()
    await made.drop()
  })

  it('are the same whatever the role or the database prefers', async () => {
    const { rows } = await sql<{ name: string; value: string }>`
      select name, current_setting(name) as value from unnest(${Object.keys(ODD)}::text[]) as name`.execute(
      database.kysely,
    )
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
      datestyle: 'ISO, MDY',
      intervalstyle: 'postgres',
      timezone: 'UTC',
      extra_float_digits: '1',
      bytea_output: 'hex',
      array_nulls: 'on',
      transform_null_equals: 'off',
      search_path: 'public',
      default_transaction_isolation: 'read committed',
      lock_timeout: '0',
      synchronous_commit: 'on',
    })
  })

  it('leave times, doubles and lists as they are', async () => {
    const { rows } = await sql`
      select '2026-02-01T03:04:05Z'::timestamptz as at, 0.1::float8 + 0.2 as sum, '{null,a}'::text[] as list`.execute(
      database.kysely,
    )
    expect(rows).toEqual([{ at: new Date('2026-02-01T03:04:05Z'), sum: 0.1 + 0.2, list: [null, 'a'] }])
  })

  it('keep a stronger synchronous_commit', async () => {
    await sql`alter database ${sql.id(made.name)} set synchronous_commit to remote_apply`.execute(
      database.kysely,
    )
    const later = connect(made.url)
    const { rows } = await sql`show synchronous_commit`.execute(later.kysely)
    expect(rows).toEqual([{ synchronous_commit: 'remote_apply' }])
    await later.close()
  })

  it('take the schema from the URL, and migrations create it', async () => {
    const url = `${made.url}?options=${encodeURIComponent('-c search_path=runnel -c timezone=Asia/Tokyo')}`
    const chosen = connect(url)
    await migrateToLatest(chosen)
    await requireMigrated(chosen)
    const { rows } = await sql`
      select relnamespace::regnamespace::text as schema, current_setting('timezone') as timezone
      from pg_class where relname = 'product' and relkind = 'r'`.execute(chosen.kysely)
    expect(rows).toEqual([{ schema: 'runnel', timezone: 'UTC' }])
    await chosen.close()
  })
})

it('a URL without options stays as it is', () => {
  const url = 'postgres://me:p%40ss@%2Fvar%2Frun/db?sslmode=require'
  expect(pinSession(url).url).toBe(url)
})

it.each(['-csearch_path=clock', '-c search_path=clock', '--search_path=clock'])(
  'a schema may be chosen in a URL as %s',
  (options) => {
    const { options: given } = pinSession(`postgres://host/db?options=${encodeURIComponent(options)}`)
    expect(given).toMatch(/search_path=clock/)
    expect(given).not.toContain('search_path=public')
  },
)

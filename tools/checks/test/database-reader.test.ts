import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase, spawnApp, workspaceRoot, type TestDatabase } from '@runnel/testing'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'

const role = `runnel_reader_${randomUUID().slice(0, 8)}`
const script = readFileSync(join(workspaceRoot, 'deploy/postgres/reader.sql'), 'utf8').replaceAll(
  'runnel_reader',
  role,
)
let made: TestDatabase
let owner: Database
let url: string

const open = (address: string) =>
  connectDatabase({ url: address, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 })

beforeAll(async () => {
  made = await createTestDatabase()
  owner = open(made.url)
  await sql.raw(script).execute(owner.kysely)
  await sql.raw(`alter role ${role} password 'reads-only'`).execute(owner.kysely)
  const parsed = new URL(made.url)
  parsed.username = role
  parsed.password = 'reads-only'
  url = parsed.href
}, 60_000)
afterAll(async () => {
  await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(owner.kysely)
  await owner.close()
  await made[Symbol.asyncDispose]()
})

it('the role for query-api changes nothing of what is stored and sent', async () => {
  const reader = open(url)
  try {
    const run = (text: string) => sql.raw(text).execute(reader.kysely)
    for (const text of [
      'delete from audit_log',
      "update audit_log set actor = 'x'",
      'delete from client',
      'update api_key set revoked_at = now()',
      'delete from api_key_use',
      'delete from api_key_usage',
      'create table x (a int)',
    ])
      await expect(run(text)).rejects.toThrow(/permission denied/)
    await run('select count(*) from client')
    await run("insert into audit_log (actor, action, subject) values ('x', 'sign-in', 'session')")
    await run("delete from person_session where id = 'x'")
    await run("update api_key_use set used_at = now() where key_id = 'x'")
    await run("update api_key_usage set requests = 0 where key_id = 'x'")
  } finally {
    await reader.close()
  }
})

it('the script may be run again', async () => {
  await sql.raw(script).execute(owner.kysely)
})

it('the role reads tables that are made later', async () => {
  await sql.raw('create table made_later (a int)').execute(owner.kysely)
  const reader = open(url)
  await sql.raw('select * from made_later').execute(reader.kysely)
  await reader.close()
})

it('query-api is ready with it, and answers', async () => {
  const app = await spawnApp('query-api', { DATABASE_URL: url }, { waitFor: '/readyz' })
  try {
    for (const path of ['/api/v1/products', '/api/v1/logs', '/api/v1/messages', '/api/v1/metrics/names', '/'])
      expect([path, (await fetch(app.url + path)).status]).toEqual([path, 200])
  } finally {
    await app.close()
  }
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { APP_NAMES, type AppName } from '@runnel/contracts/apps'
import { ensurePartitions } from '@runnel/repositories-database'
import { eventually, serviceUrls, spawnPlatform, type RunningPlatform } from '@runnel/testing'
import { connect } from 'nats'
import { sql } from 'kysely'
import { createDatabaseWithRoles, rolesScript, type DatabaseWithRoles } from './database-roles.ts'

const DAY_MS = 86_400_000
/** Five processes at once, where processors are scarce. */
const START_MS = 300_000

const SPAN = {
  ...{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), parentSpanId: 'ef'.repeat(8) },
  ...{ name: 'GET /', service: 'shop', kind: 'server' },
  ...{ startTime: '2026-03-31T18:00:00Z', endTime: '2026-03-31T18:00:01Z' },
}

let database: DatabaseWithRoles
let platform: RunningPlatform
let key: string

beforeAll(async () => {
  database = await createDatabaseWithRoles()
  platform = await spawnPlatform({
    env: { AUTH: 'keys', IDENTITY_SECRET: 'shared by the apps of this test, random or not' },
    appEnv: {
      ...(Object.fromEntries(APP_NAMES.map((app) => [app, { DATABASE_URL: database.urls[app] }])) as Record<
        AppName,
        { DATABASE_URL: string }
      >),
      consumer: { DATABASE_URL: database.urls.consumer, MAINTENANCE_INTERVAL_MS: '1000' },
    },
  })
  key = await eventually(() => /rnl_[a-z2-7]+_\w+/.exec(platform.apps['message-dispatcher'].logs())?.[0])
  // The others learn of a new key by a notice, or within a poll.
  for (const app of APP_NAMES) await eventually(async () => (await ask(app, '/docs/json')).status === 200)
}, START_MS)
afterAll(async () => {
  await platform?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const ask = async (app: AppName, path: string, body?: object | string, method = body ? 'POST' : 'GET') => {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json'
  const answer = await fetch(platform.apps[app].url + path, {
    method,
    redirect: 'manual',
    headers: { 'x-api-key': key, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, text, json: <T>() => JSON.parse(text) as T }
}

describe('every app under the role of its own', () => {
  it('takes events in, stores and reads them', async () => {
    for (const [path, body] of [
      ['/api/v1/metrics', { data: { name: 'load', value: 1 } }],
      ['/api/v1/logs', [{ message: 'hello' }, { eventId: 'one', message: 'again' }]],
      ['/api/v1/logs', [{ eventId: 'one', message: 'again' }]],
      ['/api/v1/products', { id: 7, name: 'pen', price: 1, manufacturer: 'bic' }],
      ['/api/v1/products', { name: 'ink', price: 2, manufacturer: 'bic' }],
      ['/api/v1/traces', SPAN],
    ] as const) {
      const { status, text } = await ask('ingest-api', `${path}?wait=stored`, body)
      expect([path, status, text]).toEqual([path, 200, expect.any(String)])
    }
    expect((await ask('query-api', '/api/v1/products/7')).text).toContain('pen')
  })

  it('keeps a dead letter, replays and deletes it', async () => {
    const nc = await connect({ servers: serviceUrls().NATS_URL })
    nc.publish(`${platform.env.SUBJECT_PREFIX}.logs`, 'no JSON')
    await nc.drain()
    type Page = { readonly items: readonly { readonly id: string }[] }
    const { id } = await eventually(
      async () => (await ask('ingest-api', '/api/v1/dead-letters')).json<Page>().items[0],
    )
    expect((await ask('query-api', `/api/v1/dead-letters/${id}/replay`, {})).status).toBeLessThan(300)
    expect((await ask('ingest-api', `/api/v1/dead-letters/${id}`, undefined, 'DELETE')).status).toBeLessThan(
      300,
    )
  })

  it('takes files of clients, and carries a mailing to its end', async () => {
    const file = 'phone,tag,timeZone\n79161234567,vip,UTC\n79161234568,vip,UTC\n79161234569,none,UTC\n'
    expect((await ask('query-api', '/api/v1/clients/import', file)).text).toContain('"created":3')
    expect((await ask('query-api', '/api/v1/suppressions', { phone: '79161234568' })).status).toBeLessThan(
      300,
    )
    const now = Date.now()
    const made = await ask('query-api', '/api/v1/mailings', {
      ...{ name: 'spring', text: 'hello', filter: { tags: ['vip'] } },
      start: new Date(now - 60_000).toISOString(),
      end: new Date(now + DAY_MS).toISOString(),
    })
    expect([made.status, made.text]).toEqual([201, expect.any(String)])
    const { id } = made.json<{ id: number }>()
    await eventually(async () =>
      (await ask('query-api', `/api/v1/mailings/${id}`)).text.includes('"completed"'),
    )
    type Page = { readonly items: readonly { readonly id: number; readonly status: string }[] }
    const { items } = (await ask('query-api', `/api/v1/messages?mailing=${id}`)).json<Page>()
    expect(items).toMatchObject([{ status: 'sent' }])
    // With its attempts and its text.
    expect((await ask('query-api', `/api/v1/messages/${items[0]!.id}`)).text).toContain('hello')
  })

  it('makes, rotates and revokes keys, and notes when they were used', async () => {
    const { id } = (
      await ask('message-dispatcher', '/api/v1/keys', { name: 'a', scopes: ['logs:write'] })
    ).json<{
      id: string
    }>()
    expect((await ask('query-api', `/api/v1/keys/${id}/rotate`, { overlapSeconds: 60 })).status).toBe(200)
    expect((await ask('query-api', `/api/v1/keys/${id}/revoke`, {})).status).toBeLessThan(300)
    expect((await ask('producer-sim', '/api/v1/stream')).status).toBe(200)
  })

  it('reads whatever its routes list', async () => {
    type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
    for (const app of APP_NAMES) {
      const { paths } = (await ask(app, '/docs/json')).json<Document>()
      const plain = Object.entries(paths).filter(
        ([path, methods]) => methods['get'] && !/[{*]/.test(path) && !/tail|stream$|changes/.test(path),
      )
      // On a busy machine an answer may be that much has to wait.
      for (const [path] of plain)
        await eventually(async () => {
          expect([app, path, (await ask(app, path)).status]).not.toContain(503)
          return true
        })
    }
  })

  it('removes the days that are over, whichever app created their partitions', async () => {
    const old = Date.now() - 40 * DAY_MS
    const name = `_p${new Date(old).toISOString().slice(0, 10).replaceAll('-', '')}`
    await ensurePartitions(database.owner, [old])
    await eventually(async () => {
      const { rows } = await sql`select from pg_class where relname like ${`%${name}`}`.execute(
        database.owner.kysely,
      )
      return rows.length === 0
    })
  })

  it('was refused nothing meanwhile', () => {
    for (const app of APP_NAMES)
      expect([app, platform.apps[app].logs().match(/.*(?:permission denied|must be owner).*/g)]).toEqual([
        app,
        null,
      ])
  })
})

describe('what a role is not allowed', () => {
  it.each<[AppName, readonly string[]]>([
    [
      'query-api',
      [
        ...['select count(*) from client', 'select count(*) from suppression', 'select * from audit_log'],
        ...[
          "update audit_log set actor = 'x'",
          'delete from log',
          'delete from mailing',
          'delete from message',
        ],
        ...[
          'update api_key set revoked_at = now()',
          'delete from api_key_use',
          'delete from api_key_usage',
          'create table x (a int)',
        ],
        ...["update local_account set password_hash = 'x'", 'drop table log'],
      ],
    ],
    [
      'ingest-api',
      [
        ...['select count(*) from client', 'select count(*) from log', 'select * from audit_log'],
        ...['select * from person_session', 'select * from local_account', 'select count(*) from message'],
        ...['delete from api_key', 'update api_key set revoked_at = now()', 'create table x (a int)'],
      ],
    ],
    [
      'consumer',
      [
        ...['select count(*) from client', 'select count(*) from message', 'select * from person_session'],
        ...[
          'update mailing set name = name',
          'update api_key set revoked_at = now()',
          'select * from local_account',
        ],
        'select * from audit_log',
      ],
    ],
    [
      'message-dispatcher',
      [
        ...['delete from log', 'update metric set name = name', 'drop table log', 'delete from product'],
        ...['select * from person_session', 'select * from local_account'],
        ...['delete from dead_letter', 'select * from product'],
      ],
    ],
    [
      'producer-sim',
      [
        ...['select count(*) from client', 'select count(*) from log', 'delete from api_key'],
        ...[
          'update api_key set revoked_at = now()',
          'select * from person_session',
          'create table x (a int)',
        ],
      ],
    ],
  ])('%s reads and writes nothing beyond its work', async (app, statements) => {
    for (const statement of statements)
      await expect(database.runAs(app, statement)).rejects.toThrow(/permission denied|must be owner/)
  })

  it('no app becomes another, or an owner', async () => {
    const { rows } = await sql<{ role: string; member: string }>`
      select roleid::regrole::text as role, member::regrole::text as member from pg_auth_members
      where starts_with(member::regrole::text, ${database.prefix})`.execute(database.owner.kysely)
    expect(rows.length).toBe(2)
    for (const { role } of rows) expect(role).toMatch(/_attempts$/)
  })
})

it('the script may be run again, while the apps work', async () => {
  await sql.raw(database.script).execute(database.owner.kysely)
  const { status } = await ask('ingest-api', '/api/v1/logs?wait=stored', { message: 'afterwards' })
  expect(status).toBe(200)
})

it('every table is somebody’s: a migration that adds one has to say whose it is', async () => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
      and relname <> 'kysely_migration_lock'`.execute(database.owner.kysely)
  expect(rows.length).toBeGreaterThan(30)
  for (const { name } of rows) expect(rolesScript).toMatch(new RegExp(`grant [^;]*\\b${name}\\b[^;]*;`))
})

import { expect, it } from '@jest/globals'
import { encodeEvent } from '@runnel/messaging'
import { connectDatabase, ensurePartitions, type Database } from '@runnel/repositories-database'
import {
  createTestDatabase,
  eventually,
  fakeTime,
  runIf,
  serviceUrls,
  spawnApp,
  testPrefix,
} from '@runnel/testing'
import { createEventIds, eventTimeMs } from '@runnel/contracts'
import { sql } from 'kysely'
import { startConsumer } from './start-consumer.ts'

const DAY_MS = 86_400_000
const KEPT_DAYS = 20

/** A month of events, as an installation of some age holds them. */
const fill = (database: Database) =>
  ensurePartitions(
    database,
    Array.from({ length: KEPT_DAYS + 8 }, (_, i) => Date.now() + (7 - i) * DAY_MS),
  )

const logDays = async ({ kysely }: Database) => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and relname ~ '^log_p[0-9]{8}$' order by 1`.execute(
    kysely,
  )
  return rows.map(({ name }) => name)
}

it("stores by the database's clock where that of its machine is 40 days ahead, and removes nothing", async () => {
  const consumer = await startConsumer({
    wallMs: () => Date.now() + 40 * DAY_MS,
    monotonicMs: () => performance.now(),
  })
  try {
    await fill(consumer.database)
    const before = await logDays(consumer.database)
    const old = createEventIds(() => Date.now() - 40 * DAY_MS)()
    await consumer.publishEnvelope('logs', [
      encodeEvent(createEventIds()(), '{"service":"now"}'),
      encodeEvent(old, '{"service":"old"}'),
    ])
    await consumer.settled()
    const stored = await consumer.database.kysely.selectFrom('log').select(['id', 'service']).execute()
    expect(stored).toHaveLength(2)
    for (const { id } of stored) expect(Math.abs(eventTimeMs(id) - Date.now())).toBeLessThan(DAY_MS / 2)
    expect(await logDays(consumer.database)).toEqual(expect.arrayContaining(before))
    const { payload } = await consumer.http.inject('/metrics')
    expect(Number(/^runnel_clock_offset_seconds\{.*\} (\S+)$/m.exec(payload)?.[1])).toBeGreaterThan(
      39 * 86_400,
    )
    expect(payload).toMatch(/^runnel_retention_suspended\{.*reason="jump".*\} 0$/m)
    expect((await consumer.http.inject('/readyz')).statusCode).toBe(200)
  } finally {
    await consumer.stop()
  }
})

const ahead = fakeTime('+40d')

runIf(
  ahead !== undefined,
  it,
  'faketime is not installed',
)("removes nothing as a process 40 days ahead, while the database's clock is right", async () => {
  const made = await createTestDatabase()
  const database = connectDatabase({
    ...{ url: made.url, applicationName: 'test', poolSize: 2, statementTimeoutMs: 10_000 },
  })
  try {
    await fill(database)
    await sql`insert into event_key (kind, key_hash, event_id, inserted_at)
        values ('logs', gen_random_uuid(), gen_random_uuid(), now() - interval '3 days')`.execute(
      database.kysely,
    )
    const before = await logDays(database)
    const consumer = await spawnApp('consumer', {
      ...{ DATABASE_URL: made.url, NATS_URL: serviceUrls().NATS_URL, SUBJECT_PREFIX: testPrefix() },
      ...ahead,
      MAINTENANCE_INTERVAL_MS: '1000',
    })
    try {
      await eventually(() => consumer.logs().includes("this machine's clock differs from the database's"))
      // What maintenance does last.
      await eventually(async () => {
        const keys = await database.kysely.selectFrom('event_key').select('kind').execute()
        return keys.length === 0
      })
      await eventually(async () => (await fetch(`${consumer.url}/readyz`)).status === 200)
      expect(await logDays(database)).toEqual(expect.arrayContaining(before))
    } finally {
      await consumer.kill('SIGKILL')
    }
  } finally {
    await database.close()
    await made.drop()
  }
})

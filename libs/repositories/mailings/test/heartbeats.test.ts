import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { beat, stopBeating } from '../src/sending/heartbeats.ts'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'

describe.each(ENGINES)('heartbeats on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate dispatcher_heartbeat`.execute(database.kysely))

  const age = (id: string, seconds: number) =>
    sql`update dispatcher_heartbeat set seen_at = clock_timestamp() - make_interval(secs => ${seconds})
      where replica_id = ${id}`.execute(database.kysely)

  it('count each replica once, however often it beats', async () => {
    const [a, b] = [randomUUID(), randomUUID()]
    expect(await beat(database, a, 15_000)).toBe(1)
    expect(await beat(database, b, 15_000)).toBe(2)
    expect(await beat(database, a, 15_000)).toBe(2)
  })

  it('do not count who was silent for too long, or has said good-bye', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()]
    for (const id of [a, b, c]) await beat(database, id, 15_000)
    await age(a, 16)
    await stopBeating(database, b)
    expect(await beat(database, c, 15_000)).toBe(1)
    expect(await beat(database, a, 15_000)).toBe(2)
  })

  it('leave no rows of the dead behind', async () => {
    const ids = Array.from({ length: 5 }, () => randomUUID())
    for (const id of ids) await beat(database, id, 15_000)
    for (const id of ids.slice(0, 4)) await age(id, 700)
    await beat(database, ids[4]!, 15_000)
    const { rows } = await sql`select replica_id from dispatcher_heartbeat`.execute(database.kysely)
    expect(rows).toEqual([{ replica_id: ids[4] }])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { noCounts, type KeyCounts } from '@runnel/http'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { addUsage } from '../src/usage/add-usage.ts'
import { listUsage } from '../src/usage/list-usage.ts'
import { purgeUsage } from '../src/usage/purge-usage.ts'
import { addKey } from '../src/write-keys.ts'
import { newKey } from './new-keys.ts'

const HOUR_MS = 3_600_000

describe.each(ENGINES)('what keys did, on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())

  const add = async (name: string) => {
    const key = newKey({ name })
    await addKey(database, key, 'x', 100)
    return key.id
  }
  const did = (keyId: string, counts: Partial<KeyCounts>) => new Map([[keyId, { ...noCounts(), ...counts }]])

  it('is nothing at first, and then what all replicas add up to, the busiest key first', async () => {
    expect((await listUsage(database, 60)).keys).toEqual([])
    const [one, other] = [await add('one'), await add('other')]
    await addUsage(database, did(one, { requests: 2, events: 20, bytes: 3 }), 0)
    await Promise.all([
      addUsage(database, did(one, { requests: 3, refused: 1 }), 0),
      addUsage(database, new Map([...did(other, { requests: 9 }), ...did('unknown', { requests: 1 })]), 0),
    ])
    const { from, keys } = await listUsage(database, 60)
    expect(keys).toEqual([
      { id: other, name: 'other', requests: 9, refused: 0, events: 0, bytes: 0 },
      { id: one, name: 'one', requests: 5, refused: 1, events: 20, bytes: 3 },
    ])
    expect(from.getTime() % 300_000).toBe(0)
    expect(Math.abs(Date.now() - HOUR_MS - from.getTime())).toBeLessThan(900_000)
  })

  it('is asked over a time that ends now, and forgotten after a day', async () => {
    const id = await add('earlier')
    const requests = async (minutes: number) =>
      (await listUsage(database, minutes)).keys.find((key) => key.id === id)?.requests
    await addUsage(database, did(id, { requests: 1 }), 0)
    await addUsage(database, did(id, { requests: 10 }), 3 * HOUR_MS)
    await addUsage(database, did(id, { requests: 100 }), 26 * HOUR_MS)
    expect([await requests(60), await requests(1440)]).toEqual([1, 11])
    await purgeUsage(database)
    const { rows } = await sql<{ sum: number }>`
      select sum(requests)::float8 as sum from api_key_usage where key_id = ${id}`.execute(database.kysely)
    expect(rows[0]?.sum).toBe(11)
  })
})

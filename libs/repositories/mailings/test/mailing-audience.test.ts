import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import type { AudienceFilter } from '../src/mailings/audience-filter.ts'
import { readAudience, readRecipients } from '../src/mailings/read-audience.ts'
import { materialiseBlock } from '../src/mailings/materialise-block.ts'
import { startMailing } from '../src/mailings/start-mailing.ts'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { emptyMailings, insertClients, insertMailing, NOON_MS, readRecipientIds } from './schedule-rows.ts'

const FILTERS: [name: string, filter: AudienceFilter, count: number][] = [
  ['all clients', { operatorCodes: [], tags: [] }, 110],
  ['an operator', { operatorCodes: ['901'], tags: [] }, 55],
  ['operators and a tag', { operatorCodes: ['901', '902'], tags: ['vip'] }, 37],
  ['clients without a tag', { operatorCodes: [], tags: [''] }, 73],
  ['no client', { operatorCodes: ['903'], tags: ['vip'] }, 0],
]

describe.each(ENGINES)('the audience on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    await emptyMailings(database)
    const operatorCodes = ['901', '902']
    const zones = ['Europe/Moscow', 'Asia/Omsk', 'Europe/Moscow', 'UTC']
    await insertClients(database, { count: 120, operatorCodes, zones, tags: ['', '', 'vip'] })
    await sql`update client set opted_out_at = now() where id <= 10`.execute(database.kysely)
  })

  it.each(FILTERS)('that is counted is the one that gets messages: %s', async (_, filter, count) => {
    const audience = await readAudience(database, filter)
    expect(audience.count).toBe(count)
    const id = await insertMailing(database, filter)
    await startMailing(database, id, NOON_MS)
    await materialiseBlock(database, id, { nowMs: NOON_MS })
    const recipients = await readRecipientIds(database, id)
    expect(recipients).toHaveLength(count)
    expect(audience.sample.map((client) => client.id)).toEqual(recipients.slice(0, 10))
    const reached = await readRecipients(database, { id, channel: 'gateway' })
    expect(reached).toEqual({ ...audience, withoutAddress: null })
  })

  it('is counted by time zone and operator, the largest groups first', async () => {
    const audience = await readAudience(database, { operatorCodes: [], tags: [] })
    expect(audience.timeZones).toEqual([
      { name: 'Europe/Moscow', count: 55 },
      { name: 'UTC', count: 28 },
      { name: 'Asia/Omsk', count: 27 },
    ])
    expect(audience.operators).toEqual([
      { name: '901', count: 55 },
      { name: '902', count: 55 },
    ])
    expect(audience.sample[0]).toEqual({
      ...{ id: 11, phone: expect.any(Number), operatorCode: '901', tag: '' },
      ...{ timeZone: 'Europe/Moscow', attributes: {}, address: null },
    })
  })

  it('names no more than the largest groups, and counts all', async () => {
    await insertClients(database, { count: 30, zones: Array.from({ length: 30 }, (_, i) => `Zone/${i}`) })
    const audience = await readAudience(database, { operatorCodes: [], tags: [] })
    expect(audience.timeZones).toHaveLength(20)
    expect(audience.count).toBe(140)
  })

  it('of a filter that holds anything is compared as text', async () => {
    const hostile = ["'; drop table client; --", '{901}', '%', '"']
    expect((await readAudience(database, { operatorCodes: hostile, tags: hostile })).count).toBe(0)
    expect((await readAudience(database, { operatorCodes: [], tags: [] })).count).toBe(110)
  })
})

it('is not counted where it would delay all other queries', async () => {
  const database = await openTestDatabase()
  try {
    await insertClients(database, { count: 11 })
    const read = (maxScanRows: number) =>
      readAudience({ ...database, maxScanRows }, { operatorCodes: [], tags: [] })
    await expect(read(10)).rejects.toMatchObject({ code: 'query_too_slow' })
    expect((await read(11)).count).toBe(11)
  } finally {
    await database.drop()
  }
})

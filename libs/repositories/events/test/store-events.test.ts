import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { createHash } from 'node:crypto'
import { storeDeadLetters } from '../src/writes/store-dead-letters.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { storeMetrics } from '../src/writes/store-metrics.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aLog, aMetric, nextId } from './rows.ts'

describe.each(ENGINES)('storing events on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  const logsLike = async (message: string) =>
    database.kysely.selectFrom('log').selectAll().where('message', '=', message).execute()

  it('stores a log as it was sent, beside its promoted columns', async () => {
    const data = { level: 'warn', n: 1.5, deep: [{ a: [null, true, 'ü'] }], __proto__x: 1 }
    const row = aLog({ message: 'as sent', level: 'warn', data })
    expect(await storeLogs(database, [row], [])).toEqual({
      stored: 1,
      repeated: 0,
      duplicates: [],
      reused: [],
      taken: [],
    })
    const [stored] = await logsLike('as sent')
    expect(stored).toMatchObject({ id: row.id, level: 'warn', service: 'shop', data })
  })

  it('stores a metric with the members that stood beside its data', async () => {
    const row = aMetric({ name: 'beside', tags: { host: 'a' }, extra: { note: 'x' } })
    await storeMetrics(database, [row], [])
    const stored = await database.kysely
      .selectFrom('metric')
      .selectAll()
      .where('name', '=', 'beside')
      .execute()
    expect(stored).toMatchObject([{ id: row.id, value: 0.5, tags: { host: 'a' }, extra: { note: 'x' } }])
  })

  it('recognises a redelivered event by its id', async () => {
    const rows = [aLog({ message: 'again' }), aLog({ message: 'again' })]
    await storeLogs(database, rows, [])
    const result = await storeLogs(database, [...rows, aLog({ message: 'again' })], [])
    expect(result).toEqual({ stored: 1, repeated: 2, duplicates: [], reused: [], taken: [] })
    expect(await logsLike('again')).toHaveLength(3)
  })

  it('drops an event whose key another one has had, in the same batch and in a later one', async () => {
    const first = aLog({ message: 'keyed', key: 'k1' })
    const second = aLog({ message: 'keyed', key: 'k1' })
    const third = aLog({ message: 'keyed', key: 'k1' })
    expect(await storeLogs(database, [second, first], [])).toMatchObject({
      stored: 1,
      duplicates: [{ id: second.id, of: first.id }],
    })
    expect(await storeLogs(database, [third], [])).toMatchObject({
      stored: 0,
      duplicates: [{ id: third.id, of: first.id }],
    })
    expect(await logsLike('keyed')).toMatchObject([{ id: first.id }])
  })

  it('keeps a redelivered event that finds its own key', async () => {
    const row = aLog({ message: 'own key', key: 'k2' })
    await storeLogs(database, [row], [])
    expect(await storeLogs(database, [row], [])).toEqual({
      stored: 0,
      repeated: 1,
      duplicates: [],
      reused: [],
      taken: [],
    })
    expect(await logsLike('own key')).toHaveLength(1)
  })

  it('scopes keys by kind', async () => {
    await storeLogs(database, [aLog({ key: 'both' })], [])
    expect(await storeMetrics(database, [aMetric({ key: 'both' })], [])).toMatchObject({ stored: 1 })
  })

  it('lets batches with the same keys in any order race without deadlock, and each key win once', async () => {
    const keys = Array.from({ length: 3000 }, (_, i) => `race-${i}`)
    const batches = Array.from({ length: 6 }, (_, i) => {
      const rows = keys.filter((_, at) => (at + i) % 3 > 0).map((key) => aLog({ message: 'race', key }))
      return i % 2 === 0 ? rows : rows.reverse()
    })
    // Connections are there before the race begins.
    await Promise.all(batches.map(() => sql`select pg_sleep(0.05)`.execute(database.kysely)))
    const results = await Promise.all(batches.map((rows) => storeLogs(database, rows, [])))
    expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(3000)
    expect(await logsLike('race')).toHaveLength(3000)
  })

  it('stores nothing of a batch with poison in it, not even its keys', async () => {
    const poison = aLog({ message: 'whole', data: { text: 'nul \u0000' } })
    const good = aLog({ message: 'whole', key: 'whole' })
    await expect(storeLogs(database, [good, poison], [])).rejects.toMatchObject({ code: '22P05' })
    expect(await logsLike('whole')).toHaveLength(0)
    expect(await storeLogs(database, [aLog({ key: 'whole' })], [])).toMatchObject({ stored: 1 })
  })

  it('removes a dead letter in the transaction that stores its event', async () => {
    const row = aLog()
    const letter = {
      sourceId: row.id,
      kind: 'logs',
      subject: 'logs',
      payload: Buffer.from('{}'),
      reason: 'a test',
      operation: 'upsert' as const,
      form: 'item' as const,
      receivedAtMs: 0,
    }
    await storeDeadLetters(database, [letter])
    const claim = (text: string) => ({
      ...{ rowId: row.id, letterId: row.id },
      payloadHash: createHash('sha256').update(text).digest('hex'),
    })
    await storeLogs(database, [row], [claim('{}')])
    const { rows } = await sql`select 1 from dead_letter where source_id = ${row.id}`.execute(database.kysely)
    expect(rows).toHaveLength(0)
  })

  it('counts the attempts of a dead letter that comes again', async () => {
    const letter = {
      sourceId: nextId(),
      kind: 'logs',
      subject: 'logs',
      payload: Buffer.from([0, 255]),
      reason: 'bad \u0000 reason \ud800',
      key: 'a \u0000 key',
      operation: 'upsert' as const,
      form: 'item' as const,
      receivedAtMs: 0,
    }
    expect(await storeDeadLetters(database, [letter])).toBe(1)
    expect(await storeDeadLetters(database, [letter])).toBe(0)
    const stored = await database.kysely
      .selectFrom('dead_letter')
      .selectAll()
      .where('source_id', '=', letter.sourceId)
      .executeTakeFirstOrThrow()
    expect(stored).toMatchObject({ attempts: 2, payload: Buffer.from([0, 255]), event_key: null })
  })
})

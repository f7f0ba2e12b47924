import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { LEVELS, readLevelName } from '@runnel/contracts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import fc from 'fast-check'
import { countLogs } from '../src/reads/count-logs.ts'
import { findLog, listLogs } from '../src/reads/log-reads.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { aLog } from './rows.ts'

const page = { limit: 1000, maxBytes: 1e7 }
const recent = { fromMs: Date.now() - 3_600_000 }

describe.each(ENGINES)('logs on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  it('reads levels of earlier versions by the table of levels: in filters, counts and answers', async () => {
    const sent = ['WARNING', 'warn', ' Wrn', '40', 'Notice', 'mywarn', '', null]
    const service = 'of earlier versions'
    const rows = sent.map((level) => aLog({ level, service, message: String(level) }))
    await storeLogs(database, rows, [])
    const find = async (levels: string[]) => {
      const { items } = await listLogs(database, { ...recent, service, levels }, page)
      return items.map(({ level, message }) => [message, level])
    }
    const warned = sent.slice(0, 4).map((level) => [level, 'warn'])
    expect((await find(['warn'])).toSorted()).toEqual(warned.toSorted())
    expect(await find(['notice'])).toEqual([['Notice', 'notice']])
    expect(await find(['error'])).toEqual([])
    expect((await find(['', 'mywarn'])).toSorted()).toEqual([
      ['', ''],
      ['mywarn', 'mywarn'],
      ['null', null],
    ])
    const counts = await countLogs(database, { ...recent, service }, 86_400_000)
    const levels = new Map(counts.map(({ level, count }) => [level, count]))
    expect(levels).toEqual(
      new Map([
        [null, 1],
        ['', 1],
        ['mywarn', 1],
        ['notice', 1],
        ['warn', 4],
      ]),
    )
  })

  it('says of which logs the time could not be read', async () => {
    const row = aLog({ timeUnread: true })
    const read = aLog({ timeUnread: false })
    await storeLogs(database, [row, read], [])
    await storeLogs(database, [row], [])
    expect(await findLog(database, row.id)).toMatchObject({ timeUnread: true })
    expect(await findLog(database, read.id)).not.toHaveProperty('timeUnread')
  })

  it('have the same level in SQL as by the table, whatever was sent', async () => {
    const service = 'any level'
    const letters = fc.string({
      unit: fc.constantFrom('w', 'W', 'i', 'n', 'F', 'o', 'E', 'r', ' ', 'Ä', '4', '0'),
      maxLength: 5,
    })
    const sent = fc.sample(
      fc.oneof(letters, fc.constantFrom('Info', 'ERR', 'fatal ', '\tWARN', 'Debug', 'audit')),
      {
        numRuns: 300,
        seed: 1,
      },
    )
    await storeLogs(
      database,
      sent.map((level) => aLog({ level, service })),
      [],
    )
    const counts = await countLogs(database, { ...recent, service, levels: [...LEVELS] }, 86_400_000)
    for (const level of LEVELS) {
      const expected = sent.filter((one) => readLevelName(one) === level).length
      const { items } = await listLogs(database, { ...recent, service, levels: [level] }, page)
      const counted = counts.filter((one) => one.level === level).reduce((sum, { count }) => sum + count, 0)
      expect({ level, listed: items.length, counted }).toEqual({ level, listed: expected, counted: expected })
    }
  })
})

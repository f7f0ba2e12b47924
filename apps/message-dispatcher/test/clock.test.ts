import { expect, it } from '@jest/globals'
import { connectDatabase, type Database } from '@runnel/repositories'
import { createTestDatabase } from '@runnel/testing'
import { createDatabaseClock } from '../src/clock.ts'

const connect = (url: string): Database =>
  connectDatabase({ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 5000 })

it('tells the time of the database, also where that of this process is another', async () => {
  await using made = await createTestDatabase({ migrated: false })
  const database = connect(made.url)
  const clock = createDatabaseClock(database)
  const real = Date.now
  try {
    Date.now = () => real() - 3_600_000
    const wrong = createDatabaseClock(database)
    expect(Math.abs(wrong.nowMs() - real())).toBeGreaterThan(3_500_000)
    await wrong.synchronise()
    await clock.synchronise()
    expect(Math.abs(wrong.nowMs() - clock.nowMs())).toBeLessThan(1000)
    expect(clock.nowMs()).toBeLessThanOrEqual(clock.nowMs())
  } finally {
    Date.now = real
    await database.close()
  }
})

it('goes on while the database is away', async () => {
  const database = connect('postgresql://nobody@127.0.0.1:1/none')
  const clock = createDatabaseClock(database)
  await expect(clock.synchronise()).rejects.toThrow()
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1000)
  await database.close()
})

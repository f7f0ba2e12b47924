import { expect, it } from '@jest/globals'
import { createTestDatabase } from '@runnel/testing'
import { connectDatabase, type Database } from '../src/database.ts'
import { createDatabaseClock } from '../src/time/database-clock.ts'

/** Far beyond what a loaded machine takes, and far below the hour by which a clock is wrong here. */
const TOLERANCE_MS = 600_000

const connect = (url: string): Database =>
  connectDatabase({ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 5000 })

it('shows the time of the database, also where the clock of this process is wrong', async () => {
  await using made = await createTestDatabase({ migrated: false })
  const database = connect(made.url)
  const clock = createDatabaseClock(database)
  const real = Date.now
  try {
    Date.now = () => real() - 3_600_000
    const wrong = createDatabaseClock(database)
    expect(Math.abs(wrong.nowMs() - real())).toBeGreaterThan(TOLERANCE_MS)
    await wrong.synchronise()
    await clock.synchronise()
    expect(Math.abs(wrong.nowMs() - clock.nowMs())).toBeLessThan(TOLERANCE_MS)
    expect(clock.nowMs()).toBeLessThanOrEqual(clock.nowMs())
  } finally {
    Date.now = real
    await database.close()
  }
})

it('continues while the database is unreachable', async () => {
  const database = connect('postgresql://unknown@127.0.0.1:1/none')
  const clock = createDatabaseClock(database)
  await expect(clock.synchronise()).rejects.toThrow()
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(TOLERANCE_MS)
  await database.close()
})

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { connectDatabase, type Database } from '../src/database.ts'
import { ensurePartitions, partitionDays } from '../src/partitions.ts'
import { applyRetention } from '../src/time/apply-retention.ts'
import { createTimekeeper } from '../src/time/timekeeper.ts'

const DAY_MS = 86_400_000

let made: TestDatabase
let database: Database

beforeEach(async () => {
  made = await createTestDatabase()
  database = connectDatabase({
    url: made.url,
    applicationName: 'test',
    poolSize: 2,
    statementTimeoutMs: 10_000,
  })
})
afterEach(async () => {
  await database.close()
  await made.drop()
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** `npm run retention` as a person calls it. */
function run(args: readonly string[], url = made.url): Promise<Ended> {
  const main = join(import.meta.dirname, '../src/retention-main.ts')
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: url }
  return new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  )
}

/** A consumer whose database's clock was 40 days behind, and jumps to what is right. @returns what its maintenance removes at that time, as often as called */
async function jump() {
  let nowMs = Date.now() - 40 * DAY_MS
  const days = Array.from({ length: 5 }, (_, i) => nowMs - i * DAY_MS)
  await ensurePartitions(database, days)
  const machine = { bootId: 'boot', uptimeMs: 1000, monotonicMs: 1000 }
  const clock = { nowMs: () => nowMs, offsetMs: () => 0, synchronise: async () => undefined }
  const timekeeper = createTimekeeper({ database, clock, aheadDays: 2, machine: () => machine })
  const maintain = () =>
    applyRetention({
      ...{ database, timekeeper, retentionDays: 30, aheadDays: 2, keyRetentionHours: 48 },
      databaseMs: clock.nowMs,
    })
  await maintain()
  nowMs += 40 * DAY_MS
  return maintain
}

test('says that nothing is suspended, and that there is nothing to confirm', async () => {
  expect(await run([])).toEqual({
    ...{ code: 0, stderr: '' },
    stdout: 'No consumer has run on this database yet.\n',
  })
  expect((await run(['--confirm'])).stdout).toContain('There is nothing to confirm.')
})

test('names a jump of the clock, and removes nothing until it is confirmed', async () => {
  const maintain = await jump()
  await maintain()
  const before = await partitionDays(database)
  const { code, stdout } = await run([])
  expect([code, stdout]).toEqual([0, expect.stringMatching(/jumped|ahead|forward/)])
  expect((await maintain()).removed).toEqual([])
  expect((await run(['--confirm'])).stdout).toContain('Confirmed: what is due is removed')
  expect((await maintain()).removed.length).toBeGreaterThan(0)
  expect((await partitionDays(database)).length).toBeLessThan(before.length)
  expect((await run(['--confirm'])).stdout).toContain('There is nothing to confirm.')
})

test.each([
  [['--confrim'], 'confrim'],
  [['now'], 'now'],
])('refuses %j with a sentence, and removes nothing', async (args, named) => {
  const { code, stderr } = await run(args)
  expect([code, stderr]).toEqual([1, expect.stringContaining(named)])
  expect(stderr).not.toContain('    at ')
})

test('says why the database cannot be asked', async () => {
  const { code, stderr } = await run([], 'postgres://127.0.0.1:1/nothing')
  expect([code, stderr]).toEqual([1, expect.stringMatching(/ECONNREFUSED/)])
})

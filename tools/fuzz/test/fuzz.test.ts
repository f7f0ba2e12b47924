import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase, type TestDatabase } from '@runnel/testing'
import { runTarget, TARGETS } from '../src/index.ts'

const OPTIONS = { runs: 300, seed: 20_261_120, trials: 15, worst: false, limitMs: Infinity }

describe('every parser', () => {
  let store: TestDatabase
  let database: Database

  beforeAll(async () => {
    store = await createTestDatabase()
    database = connectDatabase({
      url: store.url,
      applicationName: 'fuzz',
      poolSize: 2,
      statementTimeoutMs: 10_000,
    })
  })
  afterAll(async () => {
    await database.close()
    await store.drop()
  })

  it.each(TARGETS)('keeps its contract whatever it is fed: $name', async (target) => {
    const { problems, runs } = await runTarget(target, { ...OPTIONS, database })
    expect(problems).toEqual([])
    expect(runs).toBeGreaterThanOrEqual(OPTIONS.runs)
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { ManagedProcess } from '@runnel/testing'
import { SCENARIOS, startPlatform, type Platform, type ScenarioName } from '../src/index.ts'
import { sendRequest } from '../src/send-request.ts'
import { findReplayData } from '../src/scenarios/replay.ts'
import { withLog } from './run-scenario.ts'

/**
 * Scenarios of `npm run faults` in a short form, on one platform that heals in between; the oracle does what kill-apps and
 * mailings do, and more.
 */
describe('the platform', () => {
  let platform: Platform
  const stores: ManagedProcess[] = []

  beforeAll(async () => {
    platform = await startPlatform()
    stores.push(platform.nats, platform.postgres, platform.redis)
  })
  // Where it did not start, that alone is what failed.
  afterAll(() => platform?.close(), 120_000)
  // One that fails leaves a store dead behind.
  afterEach(async () => {
    for (const store of stores) if (store.pid === undefined) await store.restart()
  })

  const run = (name: ScenarioName, seconds: number) =>
    withLog((log) => SCENARIOS[name](platform, { seconds, seed: 7, log }))

  // The first, for it counts all products that there are.
  it('stores a replayed file once, however often it is replayed, and equal to its source', async () => {
    await run('replay', 1)
    const { folder, real } = findReplayData()
    if (!real) process.stderr.write(`Real data is not there: replayed the samples in ${folder}\n`)
    const products = JSON.parse((await sendRequest(`${platform.query.url}/products`)).body) as unknown[]
    if (real) expect(products).toHaveLength(194)
    else expect(products.length).toBeGreaterThan(0)
  }, 180_000)

  it('refuses politely while NATS is away, and heals', () => run('broker-outage', 4), 180_000)

  it('goes on while PostgreSQL is away, and drains the backlog', () => run('database-outage', 22), 180_000)

  it('shows no error while Redis is away', () => run('redis-outage', 4), 180_000)
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ask } from '../src/probe.ts'
import { SCENARIOS, standalone, startPlatform, type Platform, type ScenarioName } from '../src/index.ts'
import { findReplayData } from '../src/scenarios/replay.ts'

/** The scenarios of `npm run faults` in a short form. */
describe('the platform', () => {
  let platform: Platform

  beforeEach(async () => {
    platform = await startPlatform()
  }, 60_000)
  afterEach(() => platform.close(), 60_000)

  const run = (name: ScenarioName, seconds: number) => {
    const lines: string[] = []
    return SCENARIOS[name](platform, { seconds, seed: 7, say: (line) => lines.push(line) }).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${lines.join('\n')}`, { cause: error })
      },
    )
  }

  it('stores a replayed file once, however often it is replayed, and equal to its source', async () => {
    await run('replay', 1)
    const { folder, real } = findReplayData()
    if (!real) process.stderr.write(`Real data is not there: replayed the samples in ${folder}\n`)
    const products = JSON.parse((await ask(`${platform.query.url}/products`)).body) as unknown[]
    if (real) expect(products).toHaveLength(194)
    else expect(products.length).toBeGreaterThan(0)
  }, 120_000)

  it(
    'loses and doubles nothing while its processes are killed under load',
    () => run('kill-apps', 12),
    120_000,
  )

  it('refuses politely while NATS is away, and heals', () => run('broker-outage', 6), 120_000)

  it('goes on while PostgreSQL is away, and drains the backlog', () => run('database-outage', 22), 120_000)

  it('shows no error while Redis is away', () => run('redis-outage', 4), 120_000)
})

describe('the standalone mode', () => {
  it('loses and doubles nothing while it is killed under load', async () => {
    const lines: string[] = []
    await standalone({ seconds: 9, seed: 7, say: (line) => lines.push(line) }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${lines.join('\n')}`, { cause: error })
    })
  }, 90_000)
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Logger } from '@runnel/observability'
import { connectDatabase, readProviderState, type Database } from '@runnel/repositories'
import { createTestDatabase, eventually, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { createSharedBreaker, type BreakerOptions } from '../src/sending/breaker/shared-breaker.ts'
import type { Breaker } from '../src/sending/breaker/gateway-breaker.ts'
import type { SendResult } from '../src/sending/gateway/gateway.ts'

const silent = { warn: () => {}, info: () => {} } as unknown as Logger
const INTERVAL_MS = 60_000

let made: TestDatabase
let database: Database
let nowMs: number

beforeAll(async () => {
  made = await createTestDatabase()
  database = connectDatabase({
    ...{ url: made.url, applicationName: 'test', poolSize: 8 },
    statementTimeoutMs: 10_000,
  })
})
afterAll(async () => {
  await database.close()
  await made.drop()
})
beforeEach(async () => {
  nowMs = 1000
  await sql`update provider_state set state = 'closed', reason = null, version = 1, step = 0, probe_at = now(),
    probe_until = now(), paused_until = now(), changed_at = now()`.execute(database.kysely)
})

const clock = { nowMs: () => nowMs }

/** Its monotonic time is real, and runs ahead by what `nowMs` was set forward. */
function replica(options: Partial<BreakerOptions> = {}): Breaker {
  const defaults = { probeIntervalMs: INTERVAL_MS, timeoutMs: 10_000, refreshMs: 0 }
  const deps = {
    database,
    clock,
    log: silent,
    now: () => performance.now() + nowMs - 1000,
    random: () => 0.5,
  }
  return createSharedBreaker({ ...defaults, ...options }, deps)
}

const result = (outcome: SendResult['outcome'], more: Partial<SendResult> = {}): SendResult => ({
  ...{ outcome, startedAtMs: nowMs, durationMs: 1 },
  ...more,
})
const report = (
  breaker: Breaker,
  count: number,
  outcome: SendResult['outcome'],
  more?: Partial<SendResult>,
) => {
  for (let n = 0; n < count; n++) breaker.report(result(outcome, more))
}
const stored = async () => (await readProviderState(database))!
const untilStored = (state: string) => eventually(async () => (await stored()).state === state)
const probeIsDue = () =>
  sql`update provider_state set probe_at = clock_timestamp(), probe_until = clock_timestamp()`.execute(
    database.kysely,
  )

/** A replica that has the probe. */
async function prober(options?: Partial<BreakerOptions>): Promise<Breaker> {
  const breaker = replica(options)
  report(breaker, 10, 'refused')
  await untilStored('open')
  await probeIsDue()
  await breaker.refresh()
  expect(breaker.state).toBe('probing')
  return breaker
}

describe('a closed breaker', () => {
  it('opens for all replicas once half of ten results have failed', async () => {
    const [a, b] = [replica(), replica()]
    await Promise.all([a.refresh(), b.refresh()])
    report(a, 5, 'accepted')
    for (const outcome of ['refused', 'unreached', 'uncertain', 'refused'] as const) report(a, 1, outcome)
    expect([a.state, a.allowance(64), a.waitMs()]).toEqual(['closed', 64, 0])
    report(a, 1, 'refused')
    expect([a.state, a.allowance(64)]).toEqual(['open', 0])
    await untilStored('open')
    expect(b.allowance(64)).toBe(64)
    await b.refresh()
    expect([b.state, b.allowance(64)]).toEqual(['open', 0])
    expect(b.waitMs()).toBe(1000)
    const { reason, probeInMs } = await stored()
    expect(reason).toBe('failing')
    expect(probeInMs).toBeGreaterThan(INTERVAL_MS * 0.8)
    expect(probeInMs).toBeLessThanOrEqual(INTERVAL_MS * 0.9)
  })

  it('stays closed while more succeeds than fails, or nothing is wrong but the messages', async () => {
    const breaker = replica()
    report(breaker, 20, 'accepted')
    report(breaker, 9, 'refused')
    report(breaker, 10, 'unreached')
    report(breaker, 1000, 'rejected')
    await breaker.refresh()
    expect(breaker.state).toBe('closed')
    expect((await stored()).version).toBe(1)
  })

  it('forgets failures after ten seconds', () => {
    const breaker = replica()
    report(breaker, 9, 'refused')
    nowMs += 11_000
    report(breaker, 9, 'refused')
    expect(breaker.state).toBe('closed')
  })

  it('opens at once when the gateway does not know the token', async () => {
    const breaker = replica()
    await breaker.refresh()
    report(breaker, 1, 'refused', { httpStatus: 401, unauthorised: true })
    expect(breaker.allowance(64)).toBe(0)
    await untilStored('open')
    expect((await stored()).reason).toBe('unauthorised')
  })

  it('pauses all replicas for as long as the gateway asks, which is no failure', async () => {
    const [a, b] = [replica(), replica()]
    await a.refresh()
    report(a, 50, 'refused', { httpStatus: 429, retryAfterMs: 30_000 })
    expect([a.state, a.allowance(64), a.waitMs()]).toEqual(['closed', 0, 1000])
    await eventually(async () => (await stored()).pausedMs > 25_000)
    await b.refresh()
    expect([b.state, b.allowance(64)]).toEqual(['closed', 0])
    nowMs += 30_001
    expect([a.allowance(64), b.allowance(64)]).toEqual([64, 64])
    expect((await stored()).version).toBe(1)
  })

  it('counts 429 without Retry-After as a failure', () => {
    const breaker = replica()
    report(breaker, 10, 'refused', { httpStatus: 429 })
    expect(breaker.state).toBe('open')
  })
})

describe('an open breaker', () => {
  it('is open for a process that starts later', async () => {
    report(replica(), 10, 'unreached')
    await untilStored('open')
    const restarted = replica()
    await restarted.refresh()
    expect([restarted.state, restarted.allowance(64)]).toEqual(['open', 0])
  })

  it('gives one probe to one replica once it is due, and no other until its result is there', async () => {
    const replicas = [replica(), replica(), replica()]
    await replicas[0]!.refresh()
    report(replicas[0]!, 10, 'refused')
    await untilStored('open')
    await Promise.all(replicas.map((one) => one.refresh()))
    expect(replicas.map((one) => one.allowance(64))).toEqual([0, 0, 0])
    await probeIsDue()
    for (let round = 0; round < 3; round++) await Promise.all(replicas.map((one) => one.refresh()))
    expect(replicas.map((one) => one.allowance(64)).sort()).toEqual([0, 0, 1])
    expect(replicas.map((one) => one.state).sort()).toEqual(['open', 'open', 'probing'])
    expect(replicas.map((one) => one.waitMs()).sort()).toEqual([0, 1000, 1000])
  })

  it('gives the probe to another replica when the one that had it has died', async () => {
    await prober()
    const other = replica()
    await other.refresh()
    expect(other.state).toBe('open')
    await probeIsDue()
    await other.refresh()
    expect(other.state).toBe('probing')
  })

  it('stays open when the probe fails, and asks again one interval later', async () => {
    for (const outcome of ['refused', 'unreached', 'uncertain'] as const) {
      const breaker = await prober()
      report(breaker, 1, outcome)
      expect([breaker.state, breaker.allowance(64)]).toEqual(['open', 0])
      await eventually(async () => (await stored()).probeInMs > INTERVAL_MS / 2)
      expect((await stored()).probeHeldMs).toBeLessThanOrEqual(0)
    }
  })

  it('waits for as long as the gateway asks where the probe is answered with 429', async () => {
    const breaker = await prober()
    report(breaker, 1, 'refused', { httpStatus: 429, retryAfterMs: 300_000 })
    expect(breaker.state).toBe('open')
    await eventually(async () => (await stored()).probeInMs > 290_000)
  })

  it('takes no result of an attempt that began before the probe for that of the probe', async () => {
    const breaker = await prober()
    report(breaker, 100, 'accepted', { startedAtMs: nowMs - 1 })
    report(breaker, 100, 'uncertain', { startedAtMs: nowMs - 5000 })
    expect(breaker.state).toBe('probing')
    report(breaker, 1, 'accepted')
    expect(breaker.state).toBe('ramping')
  })

  it('costs a few writes for each probe, however long the outage and however many look', async () => {
    const intervalMs = 100
    const replicas = [1, 2, 3].map(() => replica({ probeIntervalMs: intervalMs }))
    await replicas[0]!.refresh()
    report(replicas[0]!, 10, 'refused')
    await untilStored('open')
    const before = (await stored()).version
    const began = performance.now()
    let probes = 0
    while (performance.now() - began < 1500) {
      await Promise.all(replicas.map((one) => one.refresh()))
      for (const one of replicas) {
        if (one.allowance(64) === 0) continue
        probes++
        report(one, 1, 'unreached')
      }
    }
    await replicas[0]!.refresh()
    const elapsedMs = performance.now() - began
    const writes = (await stored()).version - before
    expect(probes).toBeGreaterThan(2)
    expect(probes).toBeLessThanOrEqual(elapsedMs / (intervalMs * 0.8) + 1)
    expect(writes).toBeLessThanOrEqual(2 * probes + 1)
  })
})

describe('a gateway that is back', () => {
  it('gets one part in a hundred, then one in ten, then everything, from every replica', async () => {
    const [a, b] = [await prober(), replica()]
    report(a, 1, 'accepted')
    await untilStored('ramping')
    await b.refresh()
    expect([a.state, a.allowance(1000), a.allowance(64)]).toEqual(['ramping', 10, 1])
    expect([b.state, b.allowance(1000), b.allowance(64)]).toEqual(['ramping', 10, 1])
    report(a, 20, 'accepted')
    expect(a.allowance(1000)).toBe(10)
    nowMs += 1100
    report(a, 1, 'accepted')
    expect(a.allowance(1000)).toBe(100)
    await eventually(async () => (await stored()).step === 1)
    await b.refresh()
    expect(b.allowance(1000)).toBe(100)
    nowMs += 1100
    report(a, 10, 'rejected')
    expect([a.state, a.allowance(1000)]).toEqual(['closed', 1000])
    await untilStored('closed')
    await b.refresh()
    expect([b.state, b.allowance(1000)]).toEqual(['closed', 1000])
  })

  it('gets everything after a while where there is nothing to send', async () => {
    const breaker = await prober()
    report(breaker, 1, 'accepted')
    for (const state of ['ramping', 'ramping', 'closed']) {
      expect(breaker.state).toBe(state === 'closed' ? 'closed' : 'ramping')
      nowMs += 12_001
      await breaker.refresh()
    }
    expect(breaker.state).toBe('closed')
  })

  it('is left alone again when it fails while it ramps up', async () => {
    const breaker = await prober()
    report(breaker, 1, 'accepted')
    report(breaker, 2, 'refused')
    expect(breaker.state).toBe('ramping')
    report(breaker, 1, 'refused')
    expect(breaker.state).toBe('open')
    await untilStored('open')
  })
})

describe('while the database is away', () => {
  const rename = (from: string, to: string) =>
    sql`alter table ${sql.ref(from)} rename to ${sql.ref(to)}`.execute(database.kysely)

  it('what was known last holds, and what happens is written later', async () => {
    const breaker = replica()
    await breaker.refresh()
    await rename('provider_state', 'away')
    try {
      await breaker.refresh()
      expect([breaker.state, breaker.allowance(64)]).toEqual(['closed', 64])
      report(breaker, 10, 'unreached')
      await breaker.refresh()
      expect([breaker.state, breaker.allowance(64)]).toEqual(['open', 0])
    } finally {
      await rename('away', 'provider_state')
    }
    expect((await stored()).state).toBe('closed')
    await breaker.refresh()
    expect([breaker.state, (await stored()).state]).toEqual(['open', 'open'])
  })

  it('and somebody else was faster meanwhile, theirs holds', async () => {
    const [a, b] = [replica(), replica()]
    await Promise.all([a.refresh(), b.refresh()])
    await rename('provider_state', 'away')
    try {
      report(a, 1, 'refused', { httpStatus: 403, unauthorised: true })
      await a.refresh()
    } finally {
      await rename('away', 'provider_state')
    }
    report(b, 10, 'unreached')
    await untilStored('open')
    await a.refresh()
    expect(a.state).toBe('open')
    expect(await stored()).toMatchObject({ reason: 'failing', version: 2 })
  })
})

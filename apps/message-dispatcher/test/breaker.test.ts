import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ChannelName } from '@runnel/contracts'
import type { Logger } from '@runnel/observability'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { readProviderState, resumeProvider } from '@runnel/repositories-mailings'
import { createTestDatabase, eventually, type TestDatabase } from '@runnel/testing'
import { sql } from 'kysely'
import { createSharedBreaker, type BreakerOptions } from '../src/sending/breaker/shared-breaker.ts'
import type { ChannelBreaker } from '../src/sending/breaker/channel-breaker.ts'
import type { SendResult } from '../src/sending/channels/channel.ts'

const lines: { readonly level: string; readonly fields: object }[] = []
const log = {
  warn: (fields: object) => void lines.push({ level: 'warn', fields }),
  info: (fields: object) => void lines.push({ level: 'info', fields }),
} as unknown as Logger
const INTERVAL_MS = 60_000

/** The clocks of the processes and of the database at the start of each test. */
const START_MS = Date.parse('2026-03-02T12:00:00Z')

let made: TestDatabase
let database: Database
let nowMs: number

beforeAll(async () => {
  made = await createTestDatabase()
  database = connectDatabase({
    ...{ url: `${made.url}?options=-csearch_path%3Dclock,pg_catalog,public`, applicationName: 'test' },
    ...{ poolSize: 8, statementTimeoutMs: 10_000 },
  })
  await setUpDatabaseClock()
})
afterAll(async () => {
  await database.close()
  await made.drop()
})
beforeEach(async () => {
  nowMs = START_MS
  lines.length = 0
  await advance(0)
  await sql`update provider_state set state = 'closed', reason = null, version = 1, step = 0,
    probe_at = clock_timestamp(), probe_until = clock_timestamp(), paused_until = clock_timestamp(),
    changed_at = clock_timestamp()`.execute(database.kysely)
})

/** Puts a function in front of PostgreSQL's own, so that the database's time is the test's as well. */
async function setUpDatabaseClock(): Promise<void> {
  for (const statement of [
    'create schema clock',
    'create table clock.moment (at timestamptz)',
    'insert into clock.moment values (now())',
    'create function clock.clock_timestamp() returns timestamptz language sql as $$ select at from clock.moment $$',
  ])
    await sql.raw(statement).execute(database.kysely)
}

/** Time passes here and in the database. Await {@link ChannelBreaker.refresh} before it, which waits for what is being written. */
async function advance(ms: number): Promise<void> {
  nowMs += ms
  await sql`update clock.moment set at = ${new Date(nowMs)}`.execute(database.kysely)
}

function replica(options: Partial<BreakerOptions> = {}, channel: ChannelName = 'gateway'): ChannelBreaker {
  const defaults = { probeIntervalMs: INTERVAL_MS, timeoutMs: 10_000, refreshMs: 0 }
  const clock = { nowMs: () => nowMs }
  const deps = { channel, database, clock, log, now: () => nowMs, random: () => 0.5 }
  return createSharedBreaker({ ...defaults, ...options }, deps)
}

/** Of a message that was never attempted. */
const FRESH = { mailingId: 1, failedBefore: false, refusedBefore: false }

const result = (outcome: SendResult['outcome'], more: Partial<SendResult> = {}): SendResult => ({
  ...{ outcome, startedAtMs: nowMs, durationMs: 1 },
  ...(outcome === 'refused' && { scope: 'channel', httpStatus: 500 }),
  ...more,
})
const report = (
  breaker: ChannelBreaker,
  count: number,
  outcome: SendResult['outcome'],
  more?: Partial<SendResult>,
) => {
  for (let n = 0; n < count; n++) breaker.report(result(outcome, more), FRESH)
}
const stored = async (channel?: ChannelName) => (await readProviderState(database, channel))!
const untilStored = (state: string, channel?: ChannelName) =>
  eventually(async () => (await stored(channel)).state === state)

/** What the options of a replica make of the interval, with `random` at 0.5: 10 % early. */
const PROBE_AFTER_MS = INTERVAL_MS * 0.9

/** A replica that holds the probe, after an outage of one interval. */
async function prober(options?: Partial<BreakerOptions>): Promise<ChannelBreaker> {
  const breaker = replica(options)
  await breaker.refresh()
  report(breaker, 10, 'refused')
  await untilStored('open')
  await breaker.refresh()
  await advance(PROBE_AFTER_MS)
  await breaker.refresh()
  expect(breaker.state).toBe('probing')
  return breaker
}

describe('a channel with many receivers', () => {
  /** One result of each receiver. */
  const reportPeers = (breaker: ChannelBreaker, peers: number, outcome: SendResult['outcome'], from = 0) => {
    for (let n = from; n < from + peers; n++)
      breaker.report(
        result(outcome, { peer: `host-${n}`, ...(outcome === 'refused' && { scope: 'address' }) }),
        FRESH,
      )
  }

  it('stays closed whatever becomes of a few receivers, and whatever any of them answers', async () => {
    const breaker = replica({}, 'webhook')
    for (let times = 0; times < 100; times++) reportPeers(breaker, 9, 'unreached')
    reportPeers(breaker, 500, 'refused', 100)
    const waits = { peer: 'host-1', scope: 'address', httpStatus: 429, retryAfterMs: 60_000 } as const
    breaker.report(result('refused', waits), FRESH)
    expect([breaker.state, breaker.allowance(64)]).toEqual(['closed', 64])
    await breaker.refresh()
  })

  it('opens once three of four of many receivers are not reached, and closes again', async () => {
    const breaker = replica({}, 'webhook')
    await breaker.refresh()
    reportPeers(breaker, 10, 'accepted')
    reportPeers(breaker, 29, 'unreached', 10)
    expect(breaker.state).toBe('closed')
    reportPeers(breaker, 1, 'uncertain', 39)
    expect([breaker.state, breaker.reason]).toEqual(['open', 'unreachable'])
    await untilStored('open', 'webhook')
    await advance(PROBE_AFTER_MS)
    await breaker.refresh()
    expect(breaker.state).toBe('probing')
    reportPeers(breaker, 1, 'accepted')
    expect(breaker.state).toBe('ramping')
    // One of two that fails does not keep it from going on.
    for (let step = 0; step < 2; step++) {
      await breaker.refresh()
      await advance(12_000)
      reportPeers(breaker, 1, 'accepted')
      reportPeers(breaker, 1, 'unreached', 1)
    }
    expect(breaker.state).toBe('closed')
  })

  it('has a row of its own: the other channels stay as they are', async () => {
    const [gateway, email] = [replica(), replica({}, 'email')]
    await Promise.all([gateway.refresh(), email.refresh()])
    report(email, 10, 'unreached')
    await untilStored('open', 'email')
    await gateway.refresh()
    expect([gateway.state, (await stored()).state, (await stored('webhook')).state]).toEqual([
      'closed',
      'closed',
      'closed',
    ])
  })

  it.each([
    ['sender_refused', 550],
    ['service_refused', 554],
    ['unauthorised', 535],
  ])('opens for what a mail server refuses to everybody: %s', async (reason, gatewayCode) => {
    const email = replica({}, 'email')
    email.report(result('refused', { scope: 'account', reason, gatewayCode }), FRESH)
    expect([email.state, email.reason]).toEqual(['open', reason])
    await untilStored('open', 'email')
  })
})

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
    expect(probeInMs).toBe(PROBE_AFTER_MS)
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

  it('stays closed while one mailing fares well, whatever becomes of others, as long as the gateway is reached', async () => {
    const breaker = replica()
    breaker.report(result('accepted'), { ...FRESH, mailingId: 2 })
    report(breaker, 500, 'refused')
    report(breaker, 400, 'uncertain')
    expect(breaker.state).toBe('closed')
    report(breaker, 1000, 'unreached')
    expect([breaker.state, breaker.reason]).toEqual(['open', 'unreachable'])
    await breaker.refresh()
  })

  it('stays closed whatever becomes of messages that failed before', () => {
    const breaker = replica()
    for (let n = 0; n < 500; n++)
      for (const outcome of ['refused', 'uncertain'] as const)
        breaker.report(result(outcome), { ...FRESH, failedBefore: true })
    expect(breaker.state).toBe('closed')
  })

  it('forgets failures after ten seconds', async () => {
    const breaker = replica()
    report(breaker, 9, 'refused')
    await advance(11_000)
    report(breaker, 9, 'refused')
    expect(breaker.state).toBe('closed')
  })

  it('opens at once when the gateway does not know the token', async () => {
    const breaker = replica()
    await breaker.refresh()
    report(breaker, 1, 'refused', { httpStatus: 401, scope: 'account' })
    expect(breaker.allowance(64)).toBe(0)
    await untilStored('open')
    expect((await stored()).reason).toBe('unauthorised')
  })

  it('pauses all replicas for as long as the gateway asks, which does not count as a failure', async () => {
    const [a, b] = [replica(), replica()]
    await a.refresh()
    report(a, 50, 'refused', { httpStatus: 429, retryAfterMs: 30_000 })
    expect([a.state, a.reason, a.allowance(64), a.waitMs()]).toEqual(['paused', 'too_many_requests', 0, 1000])
    await eventually(async () => (await stored()).pausedMs === 30_000)
    await Promise.all([a.refresh(), b.refresh()])
    expect([b.state, b.allowance(64)]).toEqual(['paused', 0])
    await advance(30_001)
    expect([a.allowance(64), b.allowance(64)]).toEqual([64, 64])
    expect((await stored()).version).toBe(1)
  })

  it('names a pause, its reason and its end, and logs its beginning and its end once', async () => {
    const breaker = replica()
    await breaker.refresh()
    expect([breaker.reason, breaker.resumesInMs()]).toEqual([null, undefined])
    report(breaker, 5, 'refused', { httpStatus: 429, retryAfterMs: 600_000 })
    await breaker.refresh()
    expect([breaker.state, breaker.reason, breaker.resumesInMs()]).toEqual([
      'paused',
      'too_many_requests',
      600_000,
    ])
    const until = new Date(START_MS + 600_000).toISOString()
    expect(lines).toEqual([{ level: 'warn', fields: { reason: 'too_many_requests', until } }])
    await advance(600_001)
    await breaker.refresh()
    expect([breaker.state, breaker.reason]).toEqual(['closed', null])
    expect(lines).toHaveLength(2)
  })

  it('makes no others wait where a message that failed before is asked to wait', async () => {
    const breaker = replica()
    const again = { ...FRESH, failedBefore: true }
    for (let n = 0; n < 50; n++)
      breaker.report(result('refused', { httpStatus: 429, retryAfterMs: 600_000 }), again)
    await breaker.refresh()
    expect([breaker.state, breaker.allowance(64)]).toEqual(['closed', 64])
  })

  it('ends a pause in all replicas once a person resumes sending, and takes no late answer for a new one', async () => {
    const [a, b] = [replica(), replica()]
    await Promise.all([a.refresh(), b.refresh()])
    const startedAtMs = nowMs
    report(a, 1, 'refused', { httpStatus: 429, retryAfterMs: 600_000 })
    await eventually(async () => (await stored()).pausedMs > 0)
    await Promise.all([a.refresh(), b.refresh()])
    expect([a.state, b.state]).toEqual(['paused', 'paused'])
    await advance(1000)
    expect(await resumeProvider(database, 'ann')).toBe(true)
    await Promise.all([a.refresh(), b.refresh()])
    expect([a.state, b.state]).toEqual(['closed', 'closed'])
    report(a, 1, 'refused', { httpStatus: 429, retryAfterMs: 600_000, startedAtMs })
    expect(a.state).toBe('closed')
    report(a, 1, 'refused', { httpStatus: 429, retryAfterMs: 600_000 })
    expect(a.state).toBe('paused')
    await a.refresh()
  })

  it('counts 429 without Retry-After as a failure', async () => {
    const breaker = replica()
    report(breaker, 10, 'refused', { httpStatus: 429 })
    expect(breaker.state).toBe('open')
    // What it writes must not come in the next test.
    await breaker.refresh()
  })
})

describe('an open breaker', () => {
  it('ramps up once a person resumes sending', async () => {
    const [a, b] = [replica(), replica()]
    await a.refresh()
    report(a, 10, 'unreached')
    await untilStored('open')
    await b.refresh()
    expect([a.reason, b.reason, b.allowance(64)]).toEqual(['unreachable', 'unreachable', 0])
    expect(await resumeProvider(database, 'ann')).toBe(true)
    await Promise.all([a.refresh(), b.refresh()])
    expect([a.state, b.state, b.allowance(1000)]).toEqual(['ramping', 'ramping', 10])
    expect(await resumeProvider(database, 'ann')).toBe(false)
  })

  it('lets a mailing that nothing has failed of be probed before the next probe is due, once', async () => {
    const breaker = replica()
    await breaker.refresh()
    report(breaker, 10, 'refused')
    await breaker.refresh()
    expect([...breaker.suspects]).toEqual([1])
    expect(breaker.mayProbeOthers).toBe(true)
    expect(await breaker.takeEarlyProbe()).toBe(true)
    expect([breaker.state, breaker.mayProbeOthers]).toEqual(['probing', false])
    breaker.report(result('refused'), { ...FRESH, mailingId: 2 })
    expect([breaker.state, [...breaker.suspects], [...breaker.hadTurn]]).toEqual(['open', [1, 2], [1, 2]])
    // A new round makes no mailing a new one.
    breaker.beginRound()
    expect([[...breaker.suspects], [...breaker.hadTurn]]).toEqual([[1, 2], []])
    await breaker.refresh()
    expect(await breaker.takeEarlyProbe()).toBe(true)
    breaker.report(result('accepted'), { ...FRESH, mailingId: 3 })
    // It was the messages of the others.
    expect([breaker.state, breaker.allowance(1000)]).toEqual(['ramping', 100])
    await breaker.refresh()
  })

  it('lets none be probed early where the gateway is not reached', async () => {
    const breaker = replica()
    await breaker.refresh()
    report(breaker, 10, 'unreached')
    await breaker.refresh()
    expect([breaker.mayProbeOthers, await breaker.takeEarlyProbe()]).toEqual([false, false])
  })

  it('takes an answer to a message that failed before for a sign that the gateway lives', async () => {
    const breaker = await prober()
    breaker.report(result('refused'), { ...FRESH, failedBefore: true })
    expect(breaker.state).toBe('ramping')
    await breaker.refresh()
  })

  it('is open for a process that starts later', async () => {
    report(replica(), 10, 'unreached')
    await untilStored('open')
    const restarted = replica()
    await restarted.refresh()
    expect([restarted.state, restarted.allowance(64)]).toEqual(['open', 0])
  })

  it('gives one probe to one replica once it is due, and no other before its result is recorded', async () => {
    const replicas = [replica(), replica(), replica()]
    await replicas[0]!.refresh()
    report(replicas[0]!, 10, 'refused')
    await untilStored('open')
    await Promise.all(replicas.map((one) => one.refresh()))
    expect(replicas.map((one) => one.allowance(64))).toEqual([0, 0, 0])
    await advance(PROBE_AFTER_MS)
    for (let round = 0; round < 3; round++) await Promise.all(replicas.map((one) => one.refresh()))
    expect(replicas.map((one) => one.allowance(64)).sort()).toEqual([0, 0, 1])
    expect(replicas.map((one) => one.state).sort()).toEqual(['open', 'open', 'probing'])
    expect(replicas.map((one) => one.waitMs()).sort()).toEqual([0, 1000, 1000])
  })

  it('gives the probe to another replica when the one that held it has died', async () => {
    await prober({ timeoutMs: 10_000 })
    const other = replica()
    await other.refresh()
    expect(other.state).toBe('open')
    await advance(11_999)
    await other.refresh()
    expect(other.state).toBe('open')
    await advance(1)
    await other.refresh()
    expect(other.state).toBe('probing')
  })

  it.each(['refused', 'unreached', 'uncertain'] as const)(
    'stays open when the probe is %s, and sends another one interval later',
    async (outcome) => {
      const breaker = await prober()
      report(breaker, 1, outcome)
      expect([breaker.state, breaker.allowance(64)]).toEqual(['open', 0])
      await breaker.refresh()
      expect(await stored()).toMatchObject({ state: 'open', probeInMs: PROBE_AFTER_MS, probeHeldMs: 0 })
      await advance(PROBE_AFTER_MS - 1)
      await breaker.refresh()
      expect(breaker.state).toBe('open')
      await advance(1)
      await breaker.refresh()
      expect(breaker.state).toBe('probing')
    },
  )

  it('waits for as long as the gateway asks where the probe is answered with 429', async () => {
    const breaker = await prober()
    report(breaker, 1, 'refused', { httpStatus: 429, retryAfterMs: 300_000 })
    expect(breaker.state).toBe('open')
    await eventually(async () => (await stored()).probeInMs === 300_000)
  })

  it('takes no result of an attempt that began before the probe for that of the probe', async () => {
    const breaker = await prober()
    report(breaker, 100, 'accepted', { startedAtMs: nowMs - 1 })
    report(breaker, 100, 'uncertain', { startedAtMs: nowMs - 5000 })
    expect(breaker.state).toBe('probing')
    report(breaker, 1, 'accepted')
    expect(breaker.state).toBe('ramping')
  })

  it('costs a few writes for each probe, however long the outage and however many replicas check', async () => {
    const intervalMs = 100
    const replicas = [1, 2, 3].map(() => replica({ probeIntervalMs: intervalMs }))
    await replicas[0]!.refresh()
    report(replicas[0]!, 10, 'refused')
    await replicas[0]!.refresh()
    const before = (await stored()).version
    const stepMs = 10
    const steps = 200
    let probes = 0
    for (let step = 0; step < steps; step++) {
      await advance(stepMs)
      await Promise.all(replicas.map((one) => one.refresh()))
      for (const one of replicas.filter((each) => each.allowance(64) > 0)) {
        probes++
        report(one, 1, 'unreached')
        await one.refresh()
      }
    }
    const writes = (await stored()).version - before
    expect(probes).toBe(Math.floor((steps * stepMs) / (intervalMs * 0.9)))
    expect(writes).toBeLessThanOrEqual(2 * probes)
  })
})

describe('a gateway that works again', () => {
  it('gets one part in a hundred, then one in ten, then everything, from every replica', async () => {
    const [a, b] = [await prober(), replica()]
    report(a, 1, 'accepted')
    await a.refresh()
    await b.refresh()
    expect([a.state, a.allowance(1000), a.allowance(64)]).toEqual(['ramping', 10, 1])
    expect([b.state, b.allowance(1000), b.allowance(64)]).toEqual(['ramping', 10, 1])
    report(a, 20, 'accepted')
    expect(a.allowance(1000)).toBe(10)
    await advance(1100)
    report(a, 1, 'accepted')
    expect(a.allowance(1000)).toBe(100)
    await a.refresh()
    await b.refresh()
    expect(b.allowance(1000)).toBe(100)
    await advance(1100)
    report(a, 10, 'rejected')
    expect([a.state, a.allowance(1000)]).toEqual(['closed', 1000])
    await a.refresh()
    await b.refresh()
    expect([b.state, b.allowance(1000)]).toEqual(['closed', 1000])
  })

  it('gets everything after a while where there is nothing to send', async () => {
    const breaker = await prober()
    report(breaker, 1, 'accepted')
    for (const state of ['ramping', 'ramping', 'closed']) {
      expect(breaker.state).toBe(state === 'closed' ? 'closed' : 'ramping')
      await breaker.refresh()
      await advance(12_001)
      await breaker.refresh()
    }
    expect(breaker.state).toBe('closed')
  })

  it('receives nothing again when it fails while it ramps up', async () => {
    const breaker = await prober()
    report(breaker, 1, 'accepted')
    report(breaker, 2, 'refused')
    expect(breaker.state).toBe('ramping')
    report(breaker, 1, 'refused')
    expect(breaker.state).toBe('open')
    await untilStored('open')
  })
})

describe('while the database is unreachable', () => {
  const rename = (from: string, to: string) =>
    sql`alter table ${sql.ref(from)} rename to ${sql.ref(to)}`.execute(database.kysely)

  it('the last known state holds, and changes are written later', async () => {
    const breaker = replica()
    await breaker.refresh()
    await rename('provider_state', 'hidden')
    try {
      await breaker.refresh()
      expect([breaker.state, breaker.allowance(64)]).toEqual(['closed', 64])
      report(breaker, 10, 'unreached')
      await breaker.refresh()
      expect([breaker.state, breaker.allowance(64)]).toEqual(['open', 0])
    } finally {
      await rename('hidden', 'provider_state')
    }
    expect((await stored()).state).toBe('closed')
    await breaker.refresh()
    expect([breaker.state, (await stored()).state]).toEqual(['open', 'open'])
  })

  it('the change of a replica that was faster holds', async () => {
    const [a, b] = [replica(), replica()]
    await Promise.all([a.refresh(), b.refresh()])
    await rename('provider_state', 'hidden')
    try {
      report(a, 1, 'refused', { httpStatus: 403, scope: 'account' })
      await a.refresh()
    } finally {
      await rename('hidden', 'provider_state')
    }
    report(b, 10, 'unreached')
    await untilStored('open')
    await a.refresh()
    expect(a.state).toBe('open')
    expect(await stored()).toMatchObject({ reason: 'unreachable', version: 2 })
  })
})

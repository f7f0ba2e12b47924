import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createEventIds, eventTimeMs } from '@runnel/contracts'
import { ensurePartitions, partitionDays } from '../src/partitions.ts'
import { applyRetention } from '../src/time/apply-retention.ts'
import { confirmRetention } from '../src/time/confirm-retention.ts'
import { describeRetention } from '../src/time/describe-retention.ts'
import { createTimekeeper, type Timekeeper } from '../src/time/timekeeper.ts'
import { readTimeState } from '../src/time/time-store.ts'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from './open-test-database.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const NOON = Date.UTC(2026, 10, 30, 12)
const MIDNIGHT = NOON - DAY_MS / 2
/** Each kind of event, attempts, and what is counted of spans by the minute. */
const TABLES = 9
/** Few, for each day is a partition of every table. */
const RETENTION_DAYS = 9
const LOWERED_DAYS = 6

describe.each(ENGINES)('retention on %s', (engine) => {
  let database: OpenTestDatabase
  /** The database's clock, and those of the machine. */
  let [clockMs, uptimeMs, boot] = [NOON, HOUR_MS, 'first']

  beforeEach(async () => {
    database = await openTestDatabase(engine)
    ;[clockMs, uptimeMs, boot] = [NOON, HOUR_MS, 'first']
  })
  afterEach(() => database.drop())

  const clock = { nowMs: () => clockMs, offsetMs: () => 0, synchronise: async () => undefined }
  /** A process that has just started. */
  const start = () =>
    createTimekeeper({
      ...{ database, clock, aheadDays: 2 },
      machine: () => ({ bootId: boot, uptimeMs, monotonicMs: uptimeMs }),
    })
  const pass = (ms: number) => {
    clockMs += ms
    uptimeMs += ms
  }
  const maintain = (timekeeper: Timekeeper, retentionDays = RETENTION_DAYS) =>
    applyRetention({
      ...{ database, timekeeper, retentionDays, aheadDays: 2, keyRetentionHours: 48 },
      databaseMs: clock.nowMs,
    })
  /** So many days of events up to today, and the days ahead, as a consumer left them. */
  const hold = (days: number) =>
    ensurePartitions(
      database,
      Array.from({ length: days + 2 }, (_, i) => NOON + (2 - i) * DAY_MS),
    )
  /** Midnights of the days up to today that are left, in days before today. */
  const left = async () =>
    (await partitionDays(database)).filter((day) => day <= MIDNIGHT).map((day) => (MIDNIGHT - day) / DAY_MS)

  it('removes the day past its retention every day, and makes the days ahead', async () => {
    await hold(RETENTION_DAYS + 1)
    const timekeeper = start()
    expect((await maintain(timekeeper)).removed).toEqual([])
    pass(DAY_MS)
    const applied = await maintain(timekeeper)
    expect(applied.removed).toHaveLength(TABLES)
    expect(applied.removed).toContain('log_p20261121')
    expect(await left()).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0])
    expect(await partitionDays(database)).toContain(MIDNIGHT + 3 * DAY_MS)
    expect(describeRetention(timekeeper.state!)).toEqual([])
  })

  it('drops nothing where a start is 40 days ahead, for as long as it runs, and goes on once the clock is right', async () => {
    await hold(RETENTION_DAYS - 1)
    await start().check()
    clockMs += 40 * DAY_MS
    const ahead = start()
    for (let hour = 0; hour < 30; hour += 6) {
      expect((await maintain(ahead)).removed).toEqual([])
      pass(6 * HOUR_MS)
    }
    expect((await maintain(ahead)).removed).toEqual([])
    expect(ahead.state).toMatchObject({ suspension: null, shifts: [{ kind: 'jump' }] })
    const last = createEventIds(ahead.nowMs)()
    clockMs -= 40 * DAY_MS
    const right = start()
    expect((await maintain(right)).removed).toEqual([])
    expect((await left()).length).toBeGreaterThanOrEqual(RETENTION_DAYS - 1)
    expect(right.state).toMatchObject({ suspension: null, shifts: [] })
    // What is stored now is newer than what was stored then.
    expect(createEventIds(right.nowMs)() > last).toBe(true)
    pass(DAY_MS)
    expect(createEventIds(right.nowMs)() > last).toBe(true)
  })

  it('keeps what was stored 60 days behind once the clock is right', async () => {
    clockMs -= 60 * DAY_MS
    const behind = start()
    await maintain(behind)
    pass(HOUR_MS)
    const storedMs = eventTimeMs(createEventIds(behind.nowMs)())
    await ensurePartitions(database, [storedMs])
    clockMs += 60 * DAY_MS
    const right = start()
    for (let hour = 0; hour < 30; hour += 6) {
      expect((await maintain(right)).removed).toEqual([])
      pass(6 * HOUR_MS)
    }
    expect(await partitionDays(database)).toContain(Math.floor(storedMs / DAY_MS) * DAY_MS)
  })

  it('gives events of a start 60 days behind the time of the mark', async () => {
    await start().check()
    ;[boot, uptimeMs] = ['second', MINUTE_MS]
    clockMs -= 60 * DAY_MS
    const behind = start()
    await behind.check()
    pass(MINUTE_MS)
    expect(behind.nowMs()).toBeGreaterThanOrEqual(NOON + MINUTE_MS)
    expect(behind.nowMs()).toBeLessThan(NOON + 2 * MINUTE_MS)
    expect((await maintain(behind)).removed).toEqual([])
  })

  it('suspends itself where RETENTION_DAYS fell from 9 to 6, until a person confirms', async () => {
    await hold(RETENTION_DAYS + 1)
    const timekeeper = start()
    expect(await maintain(timekeeper, LOWERED_DAYS)).toMatchObject({ removed: [], suspended: true })
    pass(HOUR_MS)
    expect(await maintain(timekeeper, LOWERED_DAYS)).toMatchObject({ removed: [], suspended: false })
    expect(describeRetention((await readTimeState(database))!)).toEqual([
      'The removal of old events is suspended, because more than two days would have been removed at once: until a person confirms it, or for 24 more hours of running.',
      '3 days of events older than RETENTION_DAYS are kept.',
    ])
    expect(await confirmRetention(database)).toBe(true)
    expect((await maintain(timekeeper, LOWERED_DAYS)).removed).toHaveLength(3 * TABLES)
    expect(await left()).toEqual([6, 5, 4, 3, 2, 1, 0])
    expect(await confirmRetention(database)).toBe(false)
    // Once: the next time it asks again.
    expect(await maintain(timekeeper, 2)).toMatchObject({ removed: [], suspended: true })
  })

  it('goes on as before where RETENTION_DAYS was lowered by mistake and is set back', async () => {
    await hold(RETENTION_DAYS + 1)
    const timekeeper = start()
    expect(await maintain(timekeeper, LOWERED_DAYS)).toMatchObject({ suspended: true })
    expect(await maintain(timekeeper, RETENTION_DAYS)).toMatchObject({ removed: [], suspended: false })
    expect(await readTimeState(database)).toMatchObject({ suspension: null, dueDays: 0 })
  })

  it('goes on by itself after 24 hours of running, however many processes that took', async () => {
    await hold(RETENTION_DAYS + 1)
    await maintain(start(), LOWERED_DAYS)
    for (let run = 0; run < 5; run++) {
      const timekeeper = start()
      for (let hour = 0; hour < 5; hour++) {
        await timekeeper.check()
        pass(HOUR_MS)
      }
      // Stopped for a while, which does not count.
      pass(2 * HOUR_MS)
    }
    expect((await readTimeState(database))!.suspension).not.toBeNull()
    const last = start()
    await last.check()
    pass(5 * HOUR_MS)
    expect((await maintain(last, LOWERED_DAYS)).removed).not.toEqual([])
  })

  it('says so, without an alarm, where it was off for five days, and keeps what was stored for that much longer', async () => {
    await hold(RETENTION_DAYS - 1)
    await start().check()
    ;[boot, uptimeMs] = ['second', MINUTE_MS]
    clockMs += 5 * DAY_MS
    const timekeeper = start()
    for (let hour = 0; hour < 30; hour += 6) {
      expect((await maintain(timekeeper)).removed).toEqual([])
      pass(6 * HOUR_MS)
    }
    expect((await maintain(timekeeper)).removed).toEqual([])
    expect(timekeeper.state).toMatchObject({ suspension: null, shifts: [{ kind: 'gap' }] })
    expect(describeRetention(timekeeper.state!)[0]).toMatch(/^Runnel was not running .*\(5 days\)/)
    for (let hour = 0; hour < 48; hour += 12) {
      pass(12 * HOUR_MS)
      await timekeeper.check()
    }
    expect((await maintain(timekeeper)).removed).not.toEqual([])
  })

  it('takes a database that is older than the mark as it finds it', async () => {
    // Last used 40 days ago, with two days ahead.
    await ensurePartitions(
      database,
      [-41, -40, -39, -38].map((day) => NOON + day * DAY_MS),
    )
    const timekeeper = start()
    expect((await maintain(timekeeper)).removed).toEqual([])
    expect(timekeeper.state).toMatchObject({ suspension: { reason: 'gap' } })
  })

  it('forgets no key sooner for a clock that jumped', async () => {
    const timekeeper = start()
    await maintain(timekeeper)
    clockMs += 10 * DAY_MS
    const { keysBeforeMs } = await maintain(timekeeper)
    expect(keysBeforeMs).toBe(NOON - 2 * DAY_MS)
  })
})

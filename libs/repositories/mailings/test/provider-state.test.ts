import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import {
  changeProviderState,
  pauseProvider,
  readProviderState,
  takeProbe,
} from '../src/sending/provider-state.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'

describe.each(ENGINES)('the state of the gateway on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    await sql`update provider_state set state = 'closed', reason = null, version = 1, step = 0, probe_at = now(),
      probe_until = now(), paused_until = now()`.execute(database.kysely)
  })

  const open = (version = 1, probeInMs = 0) =>
    changeProviderState(database, version, { state: 'open', reason: 'failing', step: 0, probeInMs })

  it('is closed from the start, and not paused', async () => {
    const state = await readProviderState(database)
    expect(state).toMatchObject({ state: 'closed', reason: null, step: 0, version: 1 })
    expect(state?.pausedMs).toBeLessThanOrEqual(0)
    expect(state?.ageMs).toBeGreaterThanOrEqual(0)
  })

  it('is changed by the first one alone of those who saw the same version', async () => {
    const changes = await Promise.all([open(), open(), open()])
    expect(changes.filter(Boolean)).toHaveLength(1)
    expect(await readProviderState(database)).toMatchObject({ state: 'open', reason: 'failing', version: 2 })
    expect(await open(1)).toBeUndefined()
  })

  it('returns the time until the next probe', async () => {
    const changed = await open(1, 60_000)
    expect(changed?.probeInMs).toBeGreaterThan(50_000)
    expect(changed?.probeInMs).toBeLessThanOrEqual(60_000)
    expect(await takeProbe(database, 2, 1000)).toBeUndefined()
  })

  it('gives the probe to one, and to another only once the first one has held it for too long', async () => {
    await open()
    const taken = await Promise.all([2, 2, 2].map((version) => takeProbe(database, version, 60_000)))
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect(taken.find(Boolean)).toMatchObject({ state: 'open', version: 3 })
    expect((await readProviderState(database))?.probeHeldMs).toBeGreaterThan(50_000)
    expect(await takeProbe(database, 3, 60_000)).toBeUndefined()
    await sql`update provider_state set probe_until = clock_timestamp()`.execute(database.kysely)
    expect(await takeProbe(database, 3, 60_000)).toMatchObject({ version: 4 })
    // The result of the first one comes too late.
    expect(await open(3)).toBeUndefined()
  })

  it('gives no probe while it is closed or ramps up', async () => {
    expect(await takeProbe(database, 1, 1000)).toBeUndefined()
    await changeProviderState(database, 1, { state: 'ramping', reason: null, step: 1, probeInMs: 0 })
    expect(await takeProbe(database, 2, 1000)).toBeUndefined()
    expect(await readProviderState(database)).toMatchObject({ state: 'ramping', step: 1 })
  })

  it('keeps the longest pause that was asked for, through changes', async () => {
    await pauseProvider(database, 60_000)
    await pauseProvider(database, 1000)
    await open()
    const state = await readProviderState(database)
    expect(state?.pausedMs).toBeGreaterThan(50_000)
    expect(state?.version).toBe(2)
  })

  // A server counts how rows were updated; PGlite does not.
  itConcurrently(engine)('is one row, whose updates leave no trace in its index', async () => {
    const count = () =>
      sql<{ updates: number; hot: number }>`
        select pg_stat_get_xact_tuples_updated('provider_state'::regclass)::int as updates,
          pg_stat_get_xact_tuples_hot_updated('provider_state'::regclass)::int as hot`
    const { rows } = await database.kysely.transaction().execute(async (trx) => {
      for (let n = 0; n < 20; n++) await pauseProvider({ ...database, kysely: trx }, n * 10_000 + 10_000)
      return count().execute(trx)
    })
    expect(rows[0]?.updates).toBeGreaterThanOrEqual(20)
    expect(rows[0]?.hot).toBe(rows[0]?.updates)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, findBinary, runIf, startPostgres, type ManagedProcess } from '@runnel/testing'
import { sql } from 'kysely'
import { connectDatabase, type Database } from '../src/database.ts'
import {
  connectReplicas,
  parseWalPosition,
  ReplicaSet,
  type ReadPlace,
  readWalPosition,
} from '../src/index.ts'

const MAX_LAG_MS = 1000

runIf(
  findBinary('postgres') !== undefined,
  describe,
  'PostgreSQL is not installed',
)('reads from a standby', () => {
  let primaryServer: ManagedProcess
  let standbyServer: ManagedProcess
  let primary: Database
  let standby: Database
  const open: Database[] = []
  const places: ReadPlace[] = []
  let nowMs = 0

  const connect = (options: { url: string; poolSize?: number; statementTimeoutMs?: number }): Database => {
    const database = connectDatabase({
      ...{ applicationName: 'test', poolSize: 2, statementTimeoutMs: 30_000 },
      ...options,
      // A busy machine: what a probe takes is not what is tested.
      connectTimeoutMs: 30_000,
    })
    open.push(database)
    return database
  }
  const createSet = (url = standbyServer.url) =>
    new ReplicaSet({
      primary: { reads: primary, probe: primary },
      replicas: connectReplicas(url, { poolSize: 2, statementTimeoutMs: 30_000 }, (one) =>
        connect({ ...one, statementTimeoutMs: 30_000 }),
      ),
      maxLagMs: MAX_LAG_MS,
      onRead: (place) => void places.push(place),
      onFailure: () => undefined,
      now: () => nowMs,
    })
  const portOf = async ({ kysely }: Database) => {
    const { rows } = await sql<{ port: number }>`select inet_server_port() as port`.execute(kysely)
    return rows[0]!.port
  }
  const write = () => sql`insert into kept values ('more')`.execute(primary.kysely)
  /** The standby has replayed everything. */
  const catchUp = async () => {
    const position = parseWalPosition(await readWalPosition(primary))!
    await eventually(async () => {
      const { rows } = await sql<{ at: string }>`select pg_last_wal_replay_lsn()::text as at`.execute(
        standby.kysely,
      )
      return parseWalPosition(rows[0]!.at)! >= position
    })
  }
  const pauseReplay = async () => {
    await sql`select pg_wal_replay_pause()`.execute(standby.kysely)
    await eventually(async () => {
      const { rows } = await sql<{ state: string }>`select pg_get_wal_replay_pause_state() as state`.execute(
        standby.kysely,
      )
      return rows[0]!.state === 'paused'
    })
  }
  const resumeReplay = () => sql`select pg_wal_replay_resume()`.execute(standby.kysely)

  beforeAll(async () => {
    primaryServer = await startPostgres()
    standbyServer = await startPostgres({
      standbyOf: primaryServer.url,
      settings: ['max_standby_streaming_delay=0'],
    })
    primary = connect({ url: primaryServer.url })
    standby = connect({ url: standbyServer.url })
    await sql`create table kept (text text)`.execute(primary.kysely)
    await catchUp()
  }, 120_000)
  afterAll(async () => {
    await Promise.all(open.map((database) => database.close()))
    await Promise.all([primaryServer?.close(), standbyServer?.close()])
  })

  it('go to the primary before the first probe, then to the standby, however long the primary rests', async () => {
    const set = createSet()
    expect(await set.run(portOf)).toBe(primaryServer.port)
    await set.probe()
    expect(await set.run(portOf)).toBe(standbyServer.port)
    nowMs += 3_600_000
    await set.probe()
    expect(await set.run(portOf)).toBe(standbyServer.port)
    expect(places.splice(0)).toEqual(['lagging', 'replica', 'replica'])
  })

  it('go to the primary once the standby is behind by more than the limit, and back when it caught up', async () => {
    const set = createSet()
    await pauseReplay()
    try {
      await set.probe()
      await write()
      nowMs += MAX_LAG_MS / 2
      await set.probe()
      expect(await set.run(portOf)).toBe(standbyServer.port)
      nowMs += MAX_LAG_MS
      await set.probe()
      expect(await set.run(portOf)).toBe(primaryServer.port)
      expect([...set.lagsMs().values()]).toEqual([1.5 * MAX_LAG_MS])
    } finally {
      await resumeReplay()
    }
    await catchUp()
    await set.probe()
    expect(await set.run(portOf)).toBe(standbyServer.port)
    expect(places.splice(0)).toEqual(['replica', 'lagging', 'replica'])
  })

  it('go to the primary when the last probe is too long ago', async () => {
    const set = createSet()
    await set.probe()
    nowMs += MAX_LAG_MS + 1
    expect(await set.run(portOf)).toBe(primaryServer.port)
    expect(places.splice(0)).toEqual(['lagging'])
  })

  it('find what the caller wrote, at the primary until the standby has it', async () => {
    const set = createSet()
    await pauseReplay()
    try {
      await set.probe()
      await write()
      const position = parseWalPosition(await readWalPosition(primary))!
      await set.probe()
      expect(await set.run(portOf)).toBe(standbyServer.port)
      expect(await set.run(portOf, position)).toBe(primaryServer.port)
      await resumeReplay()
      await catchUp()
      await set.probe()
      expect(await set.run(portOf, position)).toBe(standbyServer.port)
    } finally {
      await resumeReplay()
    }
    expect(places.splice(0)).toEqual(['replica', 'position', 'replica'])
  })

  it('that conflict with what the standby replays are run once more, at the primary', async () => {
    const set = createSet()
    await set.probe()
    const read = async (database: Database) => {
      const port = await portOf(database)
      if (port === primaryServer.port) return port
      await database.kysely.transaction().execute(async (trx) => {
        await sql`select count(*) from kept`.execute(trx)
        await sql`truncate kept`.execute(primary.kysely)
        // Ends with 40001, or 57P01 where the session goes with it.
        await sql`select count(*), pg_sleep(60) from kept`.execute(trx)
      })
      return port
    }
    expect(await set.run(read)).toBe(primaryServer.port)
    expect(places.splice(0)).toEqual(['failed'])
  })

  it('never go to a server that is no standby of the primary', async () => {
    const set = createSet(primaryServer.url)
    await set.probe()
    await set.run(portOf)
    const other = await startPostgres()
    try {
      const stranger = await startPostgres({ standbyOf: other.url })
      try {
        const strange = createSet(stranger.url)
        await strange.probe()
        expect(await strange.run(portOf)).toBe(primaryServer.port)
      } finally {
        await stranger.close()
      }
    } finally {
      await other.close()
    }
    expect(places.splice(0)).toEqual(['lagging', 'lagging'])
  }, 120_000)

  it('go to the primary at once while the standby is killed', async () => {
    const set = createSet()
    await set.probe()
    await standbyServer.kill('SIGKILL')
    expect(await set.run(portOf)).toBe(primaryServer.port)
    await set.probe()
    expect(await set.run(portOf)).toBe(primaryServer.port)
    expect(places.splice(0)).toEqual(['failed', 'lagging'])
  })
})

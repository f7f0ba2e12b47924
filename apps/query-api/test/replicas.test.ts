import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase, readWalPosition, type Database } from '@runnel/repositories-database'
import {
  connectForAdministration,
  eventually,
  findBinary,
  migrateDatabase,
  runIf,
  startPostgres,
  testPrefix,
  type ManagedProcess,
} from '@runnel/testing'
import { metric, openWriter, type Writer } from './builders.ts'
import { cleanRedis } from './clean-redis.ts'
import { startApi, type Api } from './start-api.ts'

runIf(
  findBinary('postgres') !== undefined,
  describe,
  'PostgreSQL is not installed',
)('with a standby for reads', () => {
  const prefix = testPrefix()
  let primary: ManagedProcess
  let standby: ManagedProcess
  let database: Database
  let writer: Writer
  let api: Api

  const atStandby = async (text: string) => {
    const client = await connectForAdministration(standby.url)
    await client.query(text).finally(() => client.end())
  }
  const placesOf = async () => {
    const { body } = await api.get('/metrics')
    const places = [...body.matchAll(/^runnel_query_reads_total\{place="(\w+)".*\} (\d+)$/gm)]
    return Object.fromEntries(places.map(([, place, count]) => [place, Number(count)]))
  }
  const namesOf = async (headers: Record<string, string> = {}) => {
    const response = await api.get('/api/v1/metrics/names', headers)
    return response.json<{ items: { name: string }[] }>().items.map(({ name }) => name)
  }

  beforeAll(async () => {
    primary = await startPostgres()
    await migrateDatabase(primary.url)
    standby = await startPostgres({ standbyOf: primary.url })
    const pool = { applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 }
    database = connectDatabase({ url: primary.url, ...pool })
    writer = await openWriter(primary.url)
    api = await startApi({ databaseUrl: primary.url, readUrl: standby.url, prefix })
    await api.start()
  }, 120_000)
  afterAll(async () => {
    await api?.close()
    await writer?.close()
    await database?.close()
    await Promise.all([primary?.close(), standby?.close()])
    await cleanRedis(prefix)
  })

  it('searches are answered by it, with what a caller wrote where the caller says so', async () => {
    await api.probe()
    await namesOf()
    expect(await placesOf()).toMatchObject({ replica: 1, lagging: 0 })
    await atStandby('select pg_wal_replay_pause()')
    await writer.metrics(metric({ name: 'written' }))
    const position = await readWalPosition(database)
    await api.probe()
    expect(await namesOf({ 'runnel-position': position })).toEqual(['written'])
    expect(await namesOf()).toEqual([])
    expect(await placesOf()).toMatchObject({ replica: 2, position: 1 })
    await atStandby('select pg_wal_replay_resume()')
    await eventually(async () => {
      await api.probe()
      return (await namesOf()).length === 1
    })
  })

  it('a position that is malformed is refused', async () => {
    const response = await api.get('/api/v1/metrics/names', { 'runnel-position': 'latest' })
    expect([response.statusCode, response.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid_field', field: 'runnel-position' }),
    ])
  })

  it('without it, searches are answered by the primary, and the app stays ready', async () => {
    await api.probe()
    await standby.kill('SIGKILL')
    expect(await namesOf()).toEqual(['written'])
    expect(await placesOf()).toMatchObject({ failed: 1 })
    await api.probe()
    expect((await api.get('/readyz')).statusCode).toBe(200)
    expect((await api.get('/metrics')).body).toMatch(/^runnel_query_replica_lag_seconds\{.*\} \+Inf$/m)
  })
})

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { eventually, findBinary, migrateDatabase, PostgresPair, runIf } from '@runnel/testing'
import {
  classifyFailure,
  connectDatabase,
  ensurePartitions,
  type Database,
} from '@runnel/repositories-database'
import { sql } from 'kysely'
import { storeLogs } from '../src/writes/store-logs.ts'
import { aLog } from './rows.ts'

let pair: PostgresPair
let database: Database

const open = (statementTimeoutMs: number): Database =>
  connectDatabase({ url: pair.hostsUrl(), applicationName: 'test', poolSize: 2, statementTimeoutMs })
const count = async () => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from log`.execute(database.kysely)
  return rows[0]!.n
}
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error === undefined ? 'done' : classifyFailure(error)
}

const isPossible = findBinary('pg_rewind') !== undefined
const reason = 'PostgreSQL is not installed'

beforeAll(async () => {
  if (!isPossible) return
  pair = await PostgresPair.start('synchronous')
  await migrateDatabase(pair.primary.url)
  database = open(400)
  await ensurePartitions(database, [Date.now()])
})
afterAll(async () => {
  await database?.close()
  await pair?.close()
})

runIf(
  isPossible,
  it,
  reason,
)(
  'what a standby has not confirmed is neither done nor failed, and never lost with the primary',
  async () => {
    const rows = [aLog()]
    await pair.standby.kill('SIGKILL')
    // The commit waits, which no statement timeout ends; the client gives up.
    expect(await failureOf(storeLogs(database, rows, []))).toBe('transient')
    expect(await count()).toBe(0)
    // Its row is locked by the commit that still waits.
    expect(await failureOf(storeLogs(database, rows, []))).toBe('transient')
    await eventually(async () => (await pair.cancelWaits()) > 0)
    await eventually(async () => (await count()) === 1)
    // Found on the primary, and only there.
    expect(await failureOf(storeLogs(database, rows, []))).toBe('transient')

    // One that waits longer than this test: it ends by the cancelled wait alone.
    const patient = open(300_000)
    let outcome: string | undefined
    void failureOf(storeLogs(patient, [aLog()], [])).then((ended) => (outcome = ended))
    await eventually(async () => {
      await pair.cancelWaits()
      return outcome !== undefined
    })
    expect(outcome).toBe('transient')
    await patient.close()

    await pair.primary.kill('SIGKILL')
    await pair.standby.restart()
    await pair.failOver()
    await eventually(async () => (await count()) === 0)
    expect(await storeLogs(database, rows, [])).toMatchObject({ stored: 1 })
    await pair.rejoin()
    expect(await storeLogs(database, rows, [])).toMatchObject({ stored: 0, repeated: 1 })
    expect(await count()).toBe(1)
  },
)

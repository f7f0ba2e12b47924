import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { connectDatabase } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { expectProblem, mailing, MAILINGS, NOON_MS, post } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
})
afterAll(() => dispatcher.stop())

const ROUTES = [
  ['POST', '', mailing()],
  ['POST', '/preview', { text: 'x' }],
  ['GET', ''],
  ['GET', '/1'],
  ['PATCH', '/1', { name: 'x' }],
  ['DELETE', '/1'],
  ['GET', '/1/audience'],
  ['GET', '/1/history'],
  ...['schedule', 'pause', 'resume', 'cancel', 'retry-failed'].map((name) => ['POST', `/1/${name}`] as const),
] as const

it('every route answers 503 with Retry-After while PostgreSQL is unreachable', async () => {
  await using unreachable = await startDispatcher({ databaseUrl: 'postgres://unknown@127.0.0.1:1/nothing' })
  for (const [method, path, payload] of ROUTES) {
    const answer = await unreachable.inject({ method, url: MAILINGS + path, ...(payload && { payload }) })
    expectProblem(answer, 503, 'database_unavailable')
    expect(answer.headers['retry-after']).toMatch(/^\d+$/)
  }
})

it('counting an audience is cancelled after its time, and nothing else is affected', async () => {
  const { id } = await post(dispatcher)
  const database = connectDatabase({
    url: dispatcher.databaseUrl,
    applicationName: 'test',
    poolSize: 4,
    statementTimeoutMs: 1000,
  })
  const impatient = await startDispatcher({ databaseUrl: dispatcher.databaseUrl, deps: { database } })
  try {
    await dispatcher.database.kysely.transaction().execute(async (trx) => {
      await sql`lock table client in access exclusive mode`.execute(trx)
      const audience = await impatient.get(`${MAILINGS}/${id}/audience`)
      expectProblem(audience, 503, 'query_too_slow')
      expect(audience.headers['retry-after']).toBe('5')
      expect((await impatient.get(`${MAILINGS}/${id}`)).statusCode).toBe(200)
    })
    expect((await impatient.get(`${MAILINGS}/${id}/audience`)).statusCode).toBe(200)
  } finally {
    await impatient.stop()
    await database.close()
  }
})

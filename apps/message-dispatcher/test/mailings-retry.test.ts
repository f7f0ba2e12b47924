import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { MessageStatus } from '@runnel/contracts'
import type { Mailing } from '@runnel/contracts/api/mailing'
import { encodeIdCursor } from '@runnel/http'
import { sql } from 'kysely'
import { expectProblem, MAILINGS, NOON_MS, post, setStatus } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
})
afterAll(() => dispatcher.stop())

/** A completed mailing with messages of these statuses, 100 of each. */
async function completed(statuses: readonly MessageStatus[]): Promise<number> {
  const { id } = await post(dispatcher)
  const first = id * 1_000_000
  const last = first + statuses.length * 100 - 1
  await dispatcher.database.kysely.transaction().execute(async (trx) => {
    await sql`insert into message (id, mailing_id, client_id, cell, status, updated_at)
      select n, ${id}::bigint, n, 1, (${[...statuses]}::text[])[1 + n % ${sql.lit(statuses.length)}], now()
      from generate_series(${first}::bigint, ${last}::bigint) n`.execute(trx)
    await sql`insert into send_chunk (mailing_id, time_zone, first_message_id, last_message_id, started_through, closed_at)
      select ${id}::bigint, 'UTC', n, least(n + 9, ${last}::bigint), n + 9, now()
      from generate_series(${first}::bigint, ${last}::bigint, 10) n`.execute(trx)
    await sql`insert into mailing_stat select mailing_id, cell, status, 0, count(*) from message
      where mailing_id = ${id} group by 1, 2, 3`.execute(trx)
  })
  await setStatus(dispatcher.database, id, 'completed')
  return id
}

const retry = (id: number, body?: object) => dispatcher.post(`${MAILINGS}/${id}/retry-failed`, body)
const find = async (id: number) => (await dispatcher.get(`${MAILINGS}/${id}`)).json<Mailing>()

it('all failed messages are sent again, each once', async () => {
  const id = await completed(['failed', 'unknown', 'sent'])
  const answer = await retry(id)
  expect(answer.statusCode).toBe(202)
  expect(answer.json()).toEqual({ accepted: 100, nextCursor: null })
  expect(await find(id)).toMatchObject({ status: 'running', finishedAt: null, settledAt: null })
  expect((await retry(id, {})).json()).toEqual({ accepted: 0, nextCursor: null })
  expect((await retry(id, { include: ['unknown', 'failed'] })).json()).toEqual({
    accepted: 100,
    nextCursor: null,
  })
  const history = (await dispatcher.get(`${MAILINGS}/${id}/history`)).json<{ items: object[] }>()
  expect(history.items).toMatchObject([
    { action: 'retry_failed', detail: { include: ['unknown', 'failed'], accepted: 100 } },
    { action: 'retry_failed', detail: { include: ['failed'], accepted: 100 } },
    { action: 'create' },
  ])
})

it('several requests at once share the messages', async () => {
  const id = await completed(['failed'])
  const answers = await Promise.all([1, 2, 3].map(() => retry(id)))
  const accepted = answers.map((answer) => answer.json<{ accepted: number }>().accepted)
  expect(accepted.reduce((sum, n) => sum + n)).toBe(100)
})

it.each([
  ['a cursor', (id: number) => encodeIdCursor('retriedMessages', id)],
  ['the plain id that was a cursor in the version before', String],
])('a call continues where the previous one ended, by %s', async (_, toCursor) => {
  const id = await completed(['failed'])
  expect((await retry(id, { cursor: toCursor(id * 1_000_000 + 49) })).json()).toEqual({
    accepted: 50,
    nextCursor: null,
  })
})

it('sends nothing again of a mailing that has ended, or for a malformed request', async () => {
  const id = await completed(['failed'])
  expectProblem(await retry(id, { include: [] }), 400, 'invalid_field', '/include')
  expectProblem(await retry(id, { include: ['sent'] }), 400, 'invalid_field', '/include/0')
  expectProblem(await retry(id, { cursor: 'x' }), 400, 'invalid_cursor', 'cursor')
  expectProblem(await retry(id, { all: true }), 400, 'invalid_field')
  await setStatus(dispatcher.database, id, 'expired')
  expectProblem(await retry(id), 409, 'conflict', 'status')
  await setStatus(dispatcher.database, id, 'completed')
  dispatcher.clock.set(NOON_MS + 25 * 3_600_000)
  expectProblem(await retry(id), 409, 'conflict', 'end')
})

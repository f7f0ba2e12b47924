import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { MessageStatus } from '@runnel/contracts'
import { sql } from 'kysely'
import { listHistory } from '../src/mailings/list-history.ts'
import { cancelMailing } from '../src/mailings/mailing-actions.ts'
import { findMailing } from '../src/mailings/mailing-reads.ts'
import { retryFailedBlock } from '../src/mailings/retry-failed-block.ts'
import { applyTransitions } from '../src/messages/apply-transitions.ts'
import { actAt, DAY_MS, NOON_MS, setStatus } from './mailing-acts.ts'
import { insertMailing } from './mailing-rows.ts'
import { countStatuses } from './message-rows.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import { emptyMailings } from './schedule-rows.ts'

describe.each(ENGINES)('messages that are tried again on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    await emptyMailings(database)
    await sql`truncate audit_log`.execute(database.kysely)
    // Messages 1001 to 1100 in chunks of 7; a block looks at 70 of them. Those of the other mailing lie between.
    await insertMailing(database, { id: 1, messages: 100, firstMessageId: 1001 })
    await insertMailing(database, { id: 2, messages: 10, firstMessageId: 1101 })
    await sql`update mailing set starts_at = ${new Date(NOON_MS)}, ends_at = ${new Date(NOON_MS + DAY_MS)}`.execute(
      database.kysely,
    )
  })

  const apply = (to: MessageStatus, ids: readonly number[]) =>
    database.kysely.transaction().execute((trx) =>
      applyTransitions(
        trx,
        ids.map((messageId) => ({ messageId, to, attempts: 3, reason: 'why' })),
        {
          nowMs: NOON_MS,
          slot: 0,
        },
      ),
    )
  const retry = (afterId = 0, include: ('failed' | 'unknown')[] = ['failed'], auditId?: number) =>
    retryFailedBlock(database, 1, { ...actAt(NOON_MS + 60_000), include, afterId, auditId })

  it('are those that failed, in blocks, each once', async () => {
    await apply('failed', [1001, 1050, 1100, 1105])
    await apply('sent', [1002])
    const first = await retry()
    expect(first).toEqual({ accepted: 2, throughId: 1070, auditId: expect.any(Number) })
    const second = await retry(first.throughId, ['failed'], first.auditId)
    expect(second).toEqual({ accepted: 1, throughId: 1100, auditId: first.auditId })
    expect(await retry(second.throughId)).toEqual({ accepted: 0, throughId: undefined, auditId: undefined })
    expect(await retry()).toMatchObject({ accepted: 0, throughId: 1070 })
    const { messages, statistics } = await countStatuses(database)
    expect(messages).toEqual({ pending: 96, retry: 3, sent: 1 })
    expect(statistics).toEqual(messages)
    expect((await countStatuses(database, 2)).messages).toEqual({ pending: 9, failed: 1 })
    expect((await listHistory(database, 1, { items: 10, bytes: 1e6 })).items).toMatchObject([
      { actor: 'ann', action: 'retry_failed', detail: { include: ['failed'], accepted: 3 } },
    ])
    const { rows } = await sql`select message_id, due_at from retry order by 1`.execute(database.kysely)
    const due_at = new Date(NOON_MS + 60_000)
    expect(rows).toEqual([1001, 1050, 1100].map((message_id) => ({ message_id, due_at })))
    const attempts = await sql`select distinct attempts from message where status = 'retry'`.execute(
      database.kysely,
    )
    expect(attempts.rows).toEqual([{ attempts: 3 }])
  })

  it('are those of unknown outcome only where that is asked for', async () => {
    await apply('failed', [1001])
    await apply('unknown', [1002, 1003])
    expect(await retry()).toMatchObject({ accepted: 1 })
    expect(await retry(0, ['unknown'])).toMatchObject({ accepted: 2 })
    expect((await countStatuses(database)).messages).toEqual({ pending: 97, retry: 3 })
  })

  it('make a completed mailing run again, and nothing else does', async () => {
    await setStatus(database, 1, 'completed')
    expect(await retry()).toMatchObject({ accepted: 0 })
    expect(await findMailing(database, 1)).toMatchObject({ status: 'completed', finishedAtMs: NOON_MS })
    await apply('failed', [1001])
    expect(await retry()).toMatchObject({ accepted: 1 })
    expect(await findMailing(database, 1)).toMatchObject({
      status: 'running',
      finishedAtMs: null,
      settledAtMs: null,
    })
  })

  it('stay what they are where the mailing has ended', async () => {
    await apply('failed', [1001])
    for (const status of ['draft', 'scheduled', 'cancelled', 'expired'] as const) {
      await setStatus(database, 1, status)
      await expect(retry()).rejects.toMatchObject({ code: 'conflict' })
    }
    await setStatus(database, 1, 'completed')
    const late = { ...actAt(NOON_MS + DAY_MS), include: ['failed' as const], afterId: 0 }
    await expect(retryFailedBlock(database, 1, late)).rejects.toMatchObject({ code: 'conflict' })
    expect((await countStatuses(database)).messages).toEqual({ pending: 99, failed: 1 })
  })

  const concurrently = itConcurrently(engine)
  concurrently('are retried once by several people, and not at all after a cancel', async () => {
    await apply(
      'failed',
      Array.from({ length: 70 }, (_, i) => 1001 + i),
    )
    const tries = await Promise.all([retry(), retry(), retry(), retry()])
    expect(tries.map(({ accepted }) => accepted).sort((a, b) => a - b)).toEqual([0, 0, 0, 70])
    await cancelMailing(database, 1, actAt(NOON_MS))
    await expect(retry()).rejects.toMatchObject({ code: 'conflict' })
    const { messages, statistics } = await countStatuses(database)
    expect(statistics).toEqual(messages)
  })
})

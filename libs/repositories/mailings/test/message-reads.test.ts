import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { applyTransitions } from '../src/messages/apply-transitions.ts'
import { listMessages, type MessageFilter, type StoredMessage } from '../src/messages/list-messages.ts'
import { findMessage } from '../src/messages/find-message.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { insertMailing } from './mailing-rows.ts'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'

const DAY_MS = 86_400_000
const NOON_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2

describe.each(ENGINES)('reading messages from %s', (engine) => {
  let database: OpenTestDatabase

  /** Mailing 1 has messages 100 to 149, mailing 2 those from 200 on, and mailing 3, deleted, a few from 300 on. */
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await insertMailing(database, { id: 1, messages: 50, firstMessageId: 100 })
    await insertMailing(database, { id: 2, messages: 30, firstMessageId: 200 })
    await insertMailing(database, { id: 3, messages: 5, firstMessageId: 300 })
    await sql`update mailing set deleted_at = now() where id = 3`.execute(database.kysely)
    const failed = [103, 120, 149, 200, 304].map((messageId) => ({
      ...{ messageId, to: 'failed' as const },
      ...{ attempts: 1, reason: 'code_7' },
    }))
    await database.kysely
      .transaction()
      .execute((trx) => applyTransitions(trx, failed, { nowMs: NOON_MS, slot: 0 }))
  })
  afterAll(() => database.drop())

  /** All pages of a list. */
  async function all(filter: MessageFilter, items: number): Promise<StoredMessage[]> {
    const limits = { items, bytes: 1e6 }
    const found: StoredMessage[] = []
    for (;;) {
      const page = await listMessages(database, filter, { limits, beforeId: found.at(-1)?.id })
      found.push(...page.items)
      if (!page.more) return found
    }
  }

  it('returns what became of a message', async () => {
    const limits = { items: 1, bytes: 1e6 }
    const { items } = await listMessages(database, { mailingId: 1, status: 'failed' }, { limits })
    expect(items).toEqual([
      {
        ...{ id: 149, mailingId: 1, clientId: 50, testOf: null, operatorCode: '901', tag: 'vip' },
        channel: 'gateway',
        ...{ status: 'failed', attempts: 1, reason: 'code_7', updatedAtMs: NOON_MS },
        ...{ phone: null, address: null },
      },
    ])
  })

  it('finds the same as a search of all messages does, with every filter, the newest first, page after page', async () => {
    const everything = await all({}, 1000)
    expect(everything.map(({ id }) => id)).toEqual(everything.map(({ id }) => id).sort((a, b) => b - a))
    expect(everything).toHaveLength(85)
    for (const mailingId of [undefined, 1, 2, 3, 9])
      for (const clientId of [undefined, 4, 45, 99])
        for (const status of [undefined, 'failed', 'pending', 'sent'] as const) {
          const expected = everything.filter(
            (message) =>
              (mailingId === undefined || message.mailingId === mailingId) &&
              (clientId === undefined || message.clientId === clientId) &&
              (status === undefined || message.status === status),
          )
          expect(await all({ mailingId, clientId, status }, 4)).toEqual(expected)
        }
  })

  it('gives a message with its attempts, the newest first, a hundred at most', async () => {
    await ensurePartitions(database, [NOON_MS - DAY_MS, NOON_MS])
    await sql`insert into attempt
      (message_id, mailing_id, number, started_at, duration_ms, outcome, http_status, gateway_code, detail)
      select 103, 1, n, ${new Date(NOON_MS)}::timestamptz - (130 - n) * interval '10 minutes', 7, 'retry', 503,
        9223372036854775807, 'a "b" \\ c' from generate_series(1, 130) n`.execute(database.kysely)
    const { value, asOfMs } = await findMessage(database, 103)
    expect(asOfMs).toBeGreaterThan(Date.now() - 60_000)
    expect(value).toMatchObject({ id: 103, status: 'failed' })
    expect(value!.lastAttempts.map(({ number }) => number)).toEqual(
      Array.from({ length: 100 }, (_, i) => 130 - i),
    )
    expect(value!.lastAttempts[0]).toEqual({
      ...{ number: 130, startedAtMs: NOON_MS, durationMs: 7, outcome: 'retry', httpStatus: 503 },
      ...{ gatewayCode: 2 ** 63, detail: 'a "b" \\ c', phone: null, version: null, text: null },
      ...{ address: null, subject: null },
    })
    expect((await findMessage(database, 104)).value!.lastAttempts).toEqual([])
  })

  it('keeps the messages of a deleted mailing readable', async () => {
    expect((await findMessage(database, 304)).value).toMatchObject({ mailingId: 3, status: 'failed' })
    expect((await findMessage(database, 999)).value).toBeUndefined()
  })

  it('refuses to look for a status in too many messages, where rows are what bounds a read', async () => {
    const bounded = { ...database, maxScanRows: 40 }
    const slow = { code: 'query_too_slow' }
    const page = { limits: { items: 5, bytes: 1e6 } }
    const list = async (filter: MessageFilter) => (await listMessages(bounded, filter, page)).items
    await expect(listMessages(bounded, { status: 'sent' }, page)).rejects.toMatchObject(slow)
    await expect(listMessages(bounded, { mailingId: 1, status: 'sent' }, page)).rejects.toMatchObject(slow)
    expect(await list({ mailingId: 2, status: 'sent' })).toEqual([])
    expect(await list({ mailingId: 1 })).toHaveLength(5)
    expect(await list({})).toHaveLength(5)
    expect(await list({ clientId: 1, status: 'sent' })).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensurePartitions, readDatabaseTimeMs } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { findMessage } from '../src/messages/find-message.ts'
import { listMessages, type MessageFilter } from '../src/messages/list-messages.ts'
import { purgeSentTexts } from '../src/purge-sent-texts.ts'
import { recordResults } from '../src/sending/record-results.ts'
import type { SendRecord } from '../src/sending/send-types.ts'
import { insertMailing } from './mailing-rows.ts'

describe.each(ENGINES)('what was sent, on %s,', (engine) => {
  let database: OpenTestDatabase
  let nowMs: number
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    nowMs = await readDatabaseTimeMs(database)
    await ensurePartitions(database, [nowMs])
    await insertMailing(database, { id: 1, messages: 20, firstMessageId: 100 })
    await insertMailing(database, { id: 2, messages: 20, firstMessageId: 200 })
  })
  afterAll(() => database.drop())

  const phoneOf = (messageId: number) => 79_160_000_000 + (messageId % 100)
  const sent = (messageId: number, text: string | undefined, startedAtMs = nowMs): SendRecord => ({
    ...{ messageId, mailingId: Math.floor(messageId / 100), to: 'sent', attempts: 1, lease: { token: 'x' } },
    attempt: {
      ...{ startedAtMs, durationMs: 5, outcome: 'accepted', httpStatus: 200, gatewayCode: 0 },
      ...(text !== undefined && { content: { phone: phoneOf(messageId), text, version: 3 } }),
    },
  })
  const record = (records: readonly SendRecord[]) => recordResults(database, records, { nowMs, slot: 0 })
  const attemptsOf = async (id: number) => (await findMessage(database, id)).value!.lastAttempts
  const idsOf = async (filter: MessageFilter) =>
    (await listMessages(database, filter, { limits: { items: 50, bytes: 1e6 } })).items.map(({ id }) => id)

  it('is read with its phone and its version, message by message, however many were recorded at once', async () => {
    const texts = ['Hello Ann', 'Привет, Аня 🙂\n', 'x'.repeat(1600)]
    await record([...texts.map((text, n) => sent(100 + n, text)), sent(103, undefined)])
    for (const [n, text] of texts.entries())
      expect(await attemptsOf(100 + n)).toEqual([
        expect.objectContaining({
          number: 1,
          text,
          phone: phoneOf(100 + n),
          version: 3,
          outcome: 'accepted',
        }),
      ])
    expect(await attemptsOf(103)).toMatchObject([{ text: null, phone: null, version: null }])
  })

  it('is kept as it was where the same results are recorded again', async () => {
    const records = [sent(110, 'first'), sent(111, 'second')]
    await record(records)
    await record(records.toReversed())
    expect(await attemptsOf(110)).toMatchObject([{ text: 'first' }])
    expect(await attemptsOf(111)).toMatchObject([{ text: 'second' }])
  })

  it('shows every attempt with its own text', async () => {
    await record([sent(120, undefined, nowMs - 3)])
    await record([sent(112, 'old', nowMs - 2)])
    await record([sent(112, 'new', nowMs - 1)])
    expect(await attemptsOf(112)).toMatchObject([{ text: 'new' }, { text: 'old' }])
  })

  it('stands beside the message in a list, as the phone of its last attempt', async () => {
    await record([sent(107, 'old', nowMs - 2)])
    const renamed = sent(107, 'new', nowMs - 1)
    const content = { phone: 79_169_999_999, text: 'new', version: 3 }
    await record([{ ...renamed, attempt: { ...renamed.attempt!, content } }])
    const { items } = await listMessages(database, { mailingId: 1 }, { limits: { items: 50, bytes: 1e6 } })
    const phones = new Map(items.map(({ id, phone }) => [id, phone]))
    expect([phones.get(107), phones.get(108)]).toEqual([79_169_999_999, null])
  })

  it('is found by the phone, whoever has it now', async () => {
    await record([sent(105, 'a'), sent(205, 'b'), sent(206, 'c')])
    expect(await idsOf({ phone: phoneOf(5) })).toEqual([205, 105])
    expect(await idsOf({ phone: phoneOf(5), mailingId: 1 })).toEqual([105])
    expect(await idsOf({ phone: phoneOf(5), status: 'failed' })).toEqual([])
    expect(await idsOf({ phone: phoneOf(5), clientId: 6 })).toEqual([205, 105])
    expect(await idsOf({ phone: 1 })).toEqual([])
    const bounded = { ...database, maxScanRows: 1 }
    const limits = { items: 5, bytes: 1e6 }
    expect(
      (await listMessages(bounded, { phone: phoneOf(6), status: 'sent' }, { limits })).items,
    ).toHaveLength(1)
  })

  it('goes after its time, and the attempt stays', async () => {
    await record([sent(115, 'kept'), sent(116, 'kept too')])
    const aged = sql`update sent_text set at = now() - interval '40 days'
      where id = (select text_id from attempt where message_id = 115)`
    const signal = new AbortController().signal
    const purge = (days: number) => purgeSentTexts(database, { days, bytes: 1e9 }, signal)
    expect(await purge(30)).toMatchObject({ aged: 0 })
    await aged.execute(database.kysely)
    expect(await purge(30)).toMatchObject({ aged: 1, excess: 0 })
    expect(await attemptsOf(115)).toMatchObject([{ text: null, phone: phoneOf(115), outcome: 'accepted' }])
  })

  it('takes little room: the texts of a mailing are alike', async () => {
    const text = (n: number) =>
      `Dear client ${n}, your order is ready. Come by before eight, or call us. `.repeat(3)
    await record(Array.from({ length: 20 }, (_, n) => sent(200 + n, text(n), nowMs - 5)))
    const { rows } = await sql<{ bytes: number; kept: number }>`
      select octet_length(texts) as bytes, (select count(*) from attempt where text_id = t.id) as kept
      from sent_text t order by id desc limit 1`.execute(database.kysely)
    expect(rows[0]!.kept).toBe(20)
    expect(rows[0]!.bytes).toBeLessThan((20 * text(0).length) / 8)
  })
})

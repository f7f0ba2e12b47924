import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ChannelName } from '@runnel/contracts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { findMessage } from '../src/messages/find-message.ts'
import { listMessages } from '../src/messages/list-messages.ts'
import { applyTransitions } from '../src/messages/apply-transitions.ts'
import { beginBlocks } from '../src/sending/begin-blocks.ts'
import { claimChunks } from '../src/sending/claim-chunks.ts'
import { claimRetries } from '../src/sending/claim-retries.ts'
import { recordResults } from '../src/sending/record-results.ts'
import { readSendBacklog } from '../src/sending/send-backlog.ts'
import { claimChunksAsBefore, claimRetriesAsBefore } from './claims-as-before.ts'
import { firstMessageOf, insertSendRows, NOON_MS, SEND_TABLES } from './sending-rows.ts'

const [GATEWAY, EMAIL] = [1, 2]
const [GATEWAY_FIRST, EMAIL_FIRST] = [firstMessageOf(GATEWAY), firstMessageOf(EMAIL)]

describe.each(ENGINES)('channels on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [NOON_MS])
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    await sql`truncate ${sql.raw(SEND_TABLES)}, suppressed_address restart identity cascade`.execute(
      database.kysely,
    )
    await insertSendRows(database, { mailingId: GATEWAY, channel: 'gateway' })
    await insertSendRows(database, { mailingId: EMAIL, channel: 'email' })
    await sql`update client set email = 'Client' || id || '@example.com' where id >= ${EMAIL_FIRST}`.execute(
      database.kysely,
    )
  })

  const options = (channel?: ChannelName) => ({
    ...{ owner: 'test', token: randomUUID(), leaseMs: 60_000, limit: 10, nowMs: NOON_MS },
    ...{ sendTimeoutMs: 10_000, ...(channel && { channel }) },
  })
  const retryLater = (...messageIds: number[]) =>
    database.kysely.transaction().execute((trx) =>
      applyTransitions(
        trx,
        messageIds.map((messageId) => ({ messageId, to: 'retry' as const, dueAtMs: NOON_MS - 5000 })),
        { nowMs: NOON_MS, slot: 0 },
      ),
    )
  const mailingsOf = (claimed: readonly { readonly mailingId: number }[]) =>
    claimed.map(({ mailingId }) => mailingId)
  const beginFirst = async (channel: ChannelName, firstId: number) => {
    const token = randomUUID()
    const [chunk] = await claimChunks(database, { ...options(channel), token })
    const block = { chunkId: chunk!.id, token, afterId: firstId - 1, throughId: firstId }
    const begun = await beginBlocks(database, [block], {
      ...{ nowMs: NOON_MS, sendTimeoutMs: 10_000, leaseLeftMs: 0 },
    })
    return begun[0]!
  }

  it('lease their own chunks, and no others', async () => {
    expect(mailingsOf(await claimChunks(database, options('webhook')))).toEqual([])
    expect(mailingsOf(await claimChunks(database, options()))).toEqual([GATEWAY])
    expect(mailingsOf(await claimChunks(database, options('email')))).toEqual([EMAIL])
    expect(mailingsOf(await claimChunks(database, options('email')))).toEqual([])
  })

  it('lease their own retries, and no others', async () => {
    await retryLater(GATEWAY_FIRST, EMAIL_FIRST)
    const claimed = async (channel: ChannelName) =>
      (await claimRetries(database, options(channel))).flatMap(({ recipients }) =>
        recipients.map(({ messageId }) => messageId),
      )
    expect(await claimed('webhook')).toEqual([])
    expect(await claimed('gateway')).toEqual([GATEWAY_FIRST])
    expect(await claimed('email')).toEqual([EMAIL_FIRST])
  })

  it('leave to a replica of the version before only what goes through the gateway', async () => {
    await retryLater(GATEWAY_FIRST, EMAIL_FIRST)
    expect(await claimChunksAsBefore(database, NOON_MS)).toEqual([GATEWAY])
    expect(await claimRetriesAsBefore(database, NOON_MS)).toEqual([GATEWAY_FIRST])
  })

  it('leave it nothing either where a replica that knows channels died with its leases', async () => {
    await retryLater(EMAIL_FIRST)
    await claimChunks(database, options('email'))
    await claimRetries(database, options('email'))
    await sql`update send_chunk set leased_until = clock_timestamp() - interval '1 s'`.execute(
      database.kysely,
    )
    await sql`update retry set leased_until = clock_timestamp() - interval '1 s'`.execute(database.kysely)
    expect(await claimChunksAsBefore(database, NOON_MS)).toEqual([GATEWAY])
    expect(await claimRetriesAsBefore(database, NOON_MS)).toEqual([])
    expect(mailingsOf(await claimChunks(database, options('email')))).toEqual([EMAIL])
  })

  it('give a retry that is put off again its new time', async () => {
    await retryLater(EMAIL_FIRST)
    await database.kysely.transaction().execute((trx) =>
      applyTransitions(trx, [{ messageId: EMAIL_FIRST, to: 'retry', dueAtMs: NOON_MS + 60_000 }], {
        nowMs: NOON_MS,
        slot: 0,
      }),
    )
    expect(await claimRetries(database, options('email'))).toEqual([])
    const later = { ...options('email'), nowMs: NOON_MS + 60_000 }
    expect(await claimRetries(database, later)).toHaveLength(1)
  })

  it('count among what waits', async () => {
    await retryLater(EMAIL_FIRST)
    expect(await readSendBacklog(database, NOON_MS)).toMatchObject({ retryLagSeconds: 5 })
  })

  it('give the test of a mailing, also one that a version without channels makes, that of the mailing', async () => {
    await sql`update mailing set subject = 'Hello' where id = ${EMAIL}`.execute(database.kysely)
    const { rows } = await sql`insert into mailing (id, status, starts_at, ends_at, template, test_of)
      overriding system value values (3, 'running', '2026-01-01', '2026-12-31', 'hello', ${EMAIL}) returning channel, subject`.execute(
      database.kysely,
    )
    expect(rows).toEqual([{ channel: 'email', subject: 'Hello' }])
  })

  it('give recipients the address of the channel', async () => {
    const { recipients } = await beginFirst('email', EMAIL_FIRST)
    expect(recipients[0]!.client).toMatchObject({
      address: `Client${EMAIL_FIRST}@example.com`,
      optedOut: false,
    })
    const other = await beginFirst('gateway', GATEWAY_FIRST)
    expect(other.recipients[0]!.client).not.toHaveProperty('address')
  })

  it('keep the address that an attempt went to, by which its message is found, and the subject that was sent', async () => {
    const token = randomUUID()
    const [chunk] = await claimChunks(database, { ...options('email'), token })
    const content = { address: 'ann@example.com', text: 'Hello', subject: 'News', version: 1 }
    const attempt = { startedAtMs: NOON_MS, durationMs: 5, outcome: 'accepted', content }
    const sent = { mailingId: EMAIL, attempts: 1, to: 'sent' as const, lease: { token, chunkId: chunk!.id } }
    await recordResults(
      database,
      [
        { ...sent, messageId: EMAIL_FIRST, attempt },
        {
          ...sent,
          messageId: EMAIL_FIRST + 1,
          attempt: { ...attempt, content: { ...content, address: 'bob@example.com' } },
        },
      ],
      { nowMs: NOON_MS, slot: 0 },
    )
    const { value } = await findMessage(database, EMAIL_FIRST)
    expect(value).toMatchObject({ channel: 'email', status: 'sent' })
    expect(value!.lastAttempts).toMatchObject([
      { address: 'ann@example.com', phone: null, subject: 'News', text: 'Hello' },
    ])
    const limits = { items: 10, bytes: 1e6 }
    const { items } = await listMessages(database, { address: 'bob@example.com' }, { limits })
    expect(items).toMatchObject([{ id: EMAIL_FIRST + 1, phone: null, address: 'bob@example.com' }])
    for (const [address, count] of [
      ['Bob@Example.COM', 1],
      ['bob@example.org', 0],
    ] as const)
      expect((await listMessages(database, { address }, { limits })).items).toHaveLength(count)
  })

  it('count a client as opted out whose address is suppressed for the channel, however it is written', async () => {
    await sql`insert into suppressed_address (channel, address, reason, source, actor)
      values ('email', ${`client${EMAIL_FIRST}@example.com`}, 'opted_out', 'one-click', 'test')`.execute(
      database.kysely,
    )
    const { recipients } = await beginFirst('email', EMAIL_FIRST)
    expect(recipients[0]!.client!.optedOut).toBe(true)
  })
})

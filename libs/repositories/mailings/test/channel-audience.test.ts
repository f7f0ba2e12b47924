import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { ChannelName } from '@runnel/contracts'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { createTestSend } from '../src/mailings/create-test-send.ts'
import { materialiseBlock } from '../src/mailings/materialise-block.ts'
import { readAudience, readAudienceSample, readRecipients } from '../src/mailings/read-audience.ts'
import { startMailing } from '../src/mailings/start-mailing.ts'
import { emptyMailings, insertClients, insertMailing, NOON_MS, readRecipientIds } from './schedule-rows.ts'

const EVERYONE = { operatorCodes: [], tags: [] }

describe.each(ENGINES)('the audience of a channel on %s', (engine) => {
  let database: OpenTestDatabase
  let ids: number[]
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  /** Ten clients: the first six have an e-mail address, of which one is suppressed and one has opted out; four have a webhook. */
  beforeEach(async () => {
    await emptyMailings(database)
    await sql`truncate suppressed_address, audit_log, mailing_text`.execute(database.kysely)
    ids = await insertClients(database, { count: 10 })
    await sql`update client set email = 'C' || id || '@example.com' where id <= ${ids[5]!}`.execute(
      database.kysely,
    )
    await sql`update client set webhook_url = 'https://hooks.example/' || id where id > ${ids[5]!}`.execute(
      database.kysely,
    )
    await sql`insert into suppressed_address (channel, address, reason, source, actor)
      values ('email', ${`c${ids[0]}@example.com`}, 'opted_out', 'api', 'x'),
        ('webhook', ${`https://hooks.example/${ids[9]}`}, 'opted_out', 'api', 'x')`.execute(database.kysely)
    await sql`update client set opted_out_at = now() where id = ${ids[1]!}`.execute(database.kysely)
  })

  const audiences: [ChannelName, from: number, to: number, withoutAddress: number][] = [
    ['email', 2, 6, 4],
    ['webhook', 6, 9, 5],
  ]

  it.each(audiences)('%s is the one that gets messages', async (channel, from, to, withoutAddress) => {
    const reached = ids.slice(from, to)
    const audience = await readAudience(database, { ...EVERYONE, channel })
    expect(audience).toMatchObject({ count: reached.length, withoutAddress })
    expect(audience.sample.map(({ id }) => id)).toEqual(reached)
    expect(audience.sample[0]!.address).toEqual(expect.stringMatching(channel === 'email' ? '@' : 'https://'))
    expect((await readAudienceSample(database, { ...EVERYONE, channel }, 100)).map(({ id }) => id)).toEqual(
      reached,
    )
    const id = await insertMailing(database, { channel })
    await startMailing(database, id, NOON_MS)
    await materialiseBlock(database, id, { nowMs: NOON_MS })
    expect(await readRecipientIds(database, id)).toEqual(reached)
    expect(await readRecipients(database, { id, channel })).toEqual({ ...audience, withoutAddress: null })
  })

  it('of the gateway goes by phones, as it did', async () => {
    const audience = await readAudience(database, EVERYONE)
    expect(audience).toMatchObject({ count: 9, withoutAddress: 0 })
    expect(audience.sample[0]!.address).toBeNull()
  })

  it('of a test has addresses too, and the test has channel and subject of its mailing', async () => {
    const mailing = await insertMailing(database, { channel: 'email' })
    await sql`update mailing set subject = 'Hello'`.execute(database.kysely)
    const send = (clientId: number) =>
      createTestSend(
        database,
        mailing,
        { clientIds: [clientId], phones: [] },
        { actor: 'ann', nowMs: NOON_MS },
      )
    const { mailing: test } = await send(ids[2]!)
    expect(test).toMatchObject({ channel: 'email', subject: 'Hello', testOf: mailing })
    await expect(send(ids[0]!)).rejects.toMatchObject({ message: expect.stringMatching('opted out') })
    await expect(send(ids[7]!)).rejects.toMatchObject({ message: expect.stringMatching('no address') })
  })
})

import { AppError, type ChannelName } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Database, Schema } from '@runnel/repositories-database'
import { addressIn, isAddressChannel, isSuppressedIn } from '../clients/channel-address.ts'
import { writeAudit } from '../write-audit.ts'
import { keepText } from './list-mailing-texts.ts'
import { type Act, type ActResult, lockMailing } from './lock-mailing.ts'
import { insertBlock } from './materialise-block.ts'
import { type MailingRow, toMailing } from './stored-mailing.ts'

/** Whom a test is sent to, by ids or by phones. */
export interface TestRecipients {
  readonly clientIds: readonly number[]
  /** E.164 without the plus sign. */
  readonly phones: readonly number[]
}

export interface TestSendOptions extends Act {
  /** Idempotency key: the first test that was made with it is the answer again. */
  readonly requestKey?: string | undefined
}

/** Milliseconds after which a test that could not be sent is given up. */
const TEST_LASTS_MS = 3_600_000

/**
 * Sends the text of a mailing, as it is now, to a few clients at once, whatever their hours. A test is a mailing of its own, so
 * that it is sent, repeated and recorded like any other, and counts in no statistics but its own; its messages are made here,
 * so that no audience is ever looked up for it.
 *
 * @returns the test; `changed` is false where the key has made it before
 * @throws AppError not_found, invalid_field for a recipient that does not exist or has opted out
 */
export function createTestSend(
  { kysely }: Database,
  mailingId: number,
  recipients: TestRecipients,
  { actor, nowMs, requestKey }: TestSendOptions,
): Promise<ActResult> {
  return kysely.transaction().execute(async (trx) => {
    // Two requests with the same key take turns by the mailing's row.
    const original = await lockMailing(trx, mailingId)
    const former = requestKey === undefined ? undefined : await findByKey(trx, requestKey)
    if (former) return { mailing: toMailing(requireTestOf(former, mailingId)), changed: false }
    const clientIds = await findRecipients(trx, recipients, original.channel)
    const made = await trx
      .insertInto('mailing')
      .values({
        ...{ name: `Test of ${original.name || mailingId}`, template: original.template, status: 'running' },
        ...{ channel: original.channel, subject: original.subject },
        ...{
          starts_at: new Date(nowMs),
          ends_at: new Date(nowMs + TEST_LASTS_MS),
          started_at: new Date(nowMs),
        },
        ...{ version: original.version, test_of: mailingId, request_key: requestKey ?? null },
        ...{ audience_through: 0, materialised_at: new Date(nowMs), message_count: clientIds.length },
        ...{ created_at: new Date(nowMs), updated_at: new Date(nowMs) },
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await insertBlock(trx, made.id, { nowMs, clients: sql`c.id = any(${clientIds}::bigint[])` })
    const mailing = toMailing(made)
    await keepText(trx, mailing, nowMs)
    const detail = { test: made.id, clientIds }
    await writeAudit(trx, { actor, action: 'test_send', subject: 'mailing', subjectId: mailingId, detail })
    return { mailing, changed: true }
  })
}

function findByKey(trx: Transaction<Schema>, requestKey: string): Promise<MailingRow | undefined> {
  return trx.selectFrom('mailing').selectAll().where('request_key', '=', requestKey).executeTakeFirst()
}

function requireTestOf(row: MailingRow, mailingId: number): MailingRow {
  if (row.test_of === mailingId) return row
  throw new AppError('conflict', 'This key has been used for something else', {
    field: 'idempotency-key',
    expected: 'a new key',
  })
}

interface Candidate {
  readonly id: number
  readonly phone: number
  readonly optedOut: boolean
  readonly lacksAddress: boolean
}

/** @returns ids, each once */
async function findRecipients(
  trx: Transaction<Schema>,
  { clientIds, phones }: TestRecipients,
  channel: ChannelName,
): Promise<number[]> {
  const has = isAddressChannel(channel)
  const lacksAddress = has ? sql`${addressIn(channel, 'c')} is null` : sql`false`
  const isSuppressed = has ? isSuppressedIn(channel, 'c') : sql`false`
  const { rows } = await sql<Candidate>`
    select c.id, c.phone, ${lacksAddress} as "lacksAddress", (c.opted_out_at is not null or ${isSuppressed}) as "optedOut"
    from client c where id = any(${[...clientIds]}::bigint[]) or phone = any(${[...phones]}::bigint[]) order by id`.execute(
    trx,
  )
  const ids = new Map(rows.map((client) => [client.id, client]))
  const byPhone = new Map(rows.map((client) => [client.phone, client]))
  clientIds.forEach((id, n) => requireReachable(ids.get(id), `client ${id}`, `/clientIds/${n}`))
  phones.forEach((phone, n) =>
    requireReachable(byPhone.get(phone), `client with the phone ${phone}`, `/phones/${n}`),
  )
  return rows.map(({ id }) => id)
}

function requireReachable(client: Candidate | undefined, who: string, field: string): void {
  if (client && !client.optedOut && !client.lacksAddress) return
  const message = describeProblem(client, who)
  throw new AppError('invalid_field', message, {
    field,
    expected: 'a client that gets messages; create one for yourself',
  })
}

function describeProblem(client: Candidate | undefined, who: string): string {
  if (!client) return `There is no ${who}`
  if (client.optedOut) return `The ${who} has opted out, and gets no messages`
  return `The ${who} has no address of the channel of the mailing`
}

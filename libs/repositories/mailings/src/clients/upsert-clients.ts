import type { JsonObject } from '@runnel/contracts'
import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'

/** A client of an import. What is left out stays as it is where the client exists. */
export interface ClientUpsert {
  readonly phone: number
  /** For a new client without a code of its own. */
  readonly derivedCode: string
  readonly operatorCode?: string | undefined
  readonly tag?: string | undefined
  readonly timeZone?: string | undefined
  /** Null removes it. */
  readonly email?: string | null | undefined
  readonly webhookUrl?: string | null | undefined
  /** False changes nothing: an import opts no client in again. */
  readonly optedOut?: boolean | undefined
  /** Are set; the others stay. */
  readonly attributes?: JsonObject | undefined
  /** Names of attributes that go. */
  readonly removed?: readonly string[] | undefined
}

export type UpsertOutcome = 'created' | 'updated' | 'unchanged' | 'no_time_zone' | 'attributes_too_large'

/** What imports may gather in a client's attributes, in bytes as PostgreSQL writes JSON. */
const MAX_GATHERED_BYTES = 16_384

/** A client that others create and remove at the same time is met again after this at the latest. */
const MAX_ROUNDS = 3

/**
 * Creates and changes clients by their phones. Rows are written in the order of phones, so that two imports of the same
 * clients wait for each other and do not deadlock; and in two statements, because in one the update could not distinguish a
 * member that was left out from one that an insert would have given its default.
 *
 * @param clients each phone once
 * @param defaultTimeZone for new clients without one
 * @returns what became of each, by phone
 */
export async function upsertClients(
  trx: Transaction<Schema>,
  clients: readonly ClientUpsert[],
  defaultTimeZone: string | undefined,
): Promise<Map<number, UpsertOutcome>> {
  const outcomes = new Map<number, UpsertOutcome>()
  let open = clients
  for (let round = 1; open.length > 0 && round <= MAX_ROUNDS; round++) {
    for (const phone of await insertNew(trx, open, defaultTimeZone)) outcomes.set(phone, 'created')
    open = open.filter(({ phone }) => !outcomes.has(phone))
    if (open.length === 0) break
    for (const { phone, outcome } of await updateExisting(trx, open)) outcomes.set(phone, outcome)
    open = open.filter(({ phone }) => !outcomes.has(phone))
    // Who has a time zone and was neither inserted nor found was removed in between.
    for (const { phone, timeZone } of open) {
      if ((timeZone ?? defaultTimeZone) === undefined) outcomes.set(phone, 'no_time_zone')
    }
    open = open.filter(({ phone }) => !outcomes.has(phone))
  }
  if (open.length > 0) throw new Error('Clients of an import come and go too fast')
  return outcomes
}

async function insertNew(
  trx: Transaction<Schema>,
  clients: readonly ClientUpsert[],
  defaultTimeZone: string | undefined,
): Promise<number[]> {
  const zone = sql`coalesce(i.time_zone, ${defaultTimeZone ?? null}::text)`
  const { rows } = await sql<{ phone: number }>`
    insert into client (phone, operator_code, tag, time_zone, email, webhook_url, attributes, opted_out_at)
    select i.phone, coalesce(i.operator_code, i.derived_code), coalesce(i.tag, ''), ${zone}, i.email, i.webhook_url,
      coalesce(i.attributes, '{}'), coalesce(
        (select s.opted_out_at from suppression s where s.phone = i.phone),
        case when i.opted_out then clock_timestamp() end)
    from ${asRecords(clients)}
    where ${zone} is not null and not exists (select from client c where c.phone = i.phone)
    order by i.phone
    on conflict (phone) do nothing
    returning phone`.execute(trx)
  return rows.map(({ phone }) => phone)
}

async function updateExisting(
  trx: Transaction<Schema>,
  clients: readonly ClientUpsert[],
): Promise<{ phone: number; outcome: UpsertOutcome }[]> {
  const { rows } = await sql<{ phone: number; outcome: UpsertOutcome }>`
    with wanted as materialized (
      select c.id, c.phone,
        coalesce(i.operator_code, c.operator_code) as operator_code,
        coalesce(i.tag, c.tag) as tag,
        coalesce(i.time_zone, c.time_zone) as time_zone,
        case when i.gives_email then i.email else c.email end as email,
        case when i.gives_webhook_url then i.webhook_url else c.webhook_url end as webhook_url,
        (c.attributes - coalesce(i.removed, '{}')) || coalesce(i.attributes, '{}') as attributes,
        case when i.opted_out then coalesce(c.opted_out_at, clock_timestamp()) else c.opted_out_at end as opted_out_at
      from client c join ${asRecords(clients)} on c.phone = i.phone
      order by c.phone for update of c
    ), fitting as (
      select *, octet_length(attributes::text) <= ${MAX_GATHERED_BYTES} as fits from wanted
    ), changed as (
      update client c set operator_code = w.operator_code, tag = w.tag, time_zone = w.time_zone,
        email = w.email, webhook_url = w.webhook_url, attributes = w.attributes, opted_out_at = w.opted_out_at, updated_at = clock_timestamp()
      from fitting w
      where c.id = w.id and w.fits
        and (c.operator_code, c.tag, c.time_zone, c.email, c.webhook_url, c.attributes, c.opted_out_at) is distinct from
          (w.operator_code, w.tag, w.time_zone, w.email, w.webhook_url, w.attributes, w.opted_out_at)
      returning c.id
    )
    select w.phone, case when not w.fits then 'attributes_too_large'
      when changed.id is null then 'unchanged' else 'updated' end as outcome
    from fitting w left join changed on changed.id = w.id`.execute(trx)
  return rows
}

/** The clients as a relation `i`. */
function asRecords(clients: readonly ClientUpsert[]): RawBuilder<unknown> {
  const records = clients.map((client) => ({
    phone: client.phone,
    derived_code: client.derivedCode,
    operator_code: client.operatorCode,
    tag: client.tag,
    time_zone: client.timeZone,
    email: client.email,
    gives_email: client.email !== undefined,
    webhook_url: client.webhookUrl,
    gives_webhook_url: client.webhookUrl !== undefined,
    opted_out: client.optedOut,
    attributes: client.attributes,
    removed: client.removed,
  }))
  return sql`json_to_recordset(${JSON.stringify(records)}::json) as i(phone bigint, derived_code text,
    operator_code text, tag text, time_zone text, email text, gives_email boolean, webhook_url text, gives_webhook_url boolean,
    opted_out boolean, attributes jsonb, removed text[])`
}

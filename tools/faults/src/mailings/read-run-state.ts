import { Client } from 'pg'

export interface MessageRow {
  readonly id: number
  readonly mailingId: number
  readonly phone: number
  /** Where its channel reaches the client. */
  readonly address: string
  readonly status: string
  readonly reason: string | null
}

interface MailingRow {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly messageCount: number
}

/** What the database holds once the run is at rest. */
export interface RunState {
  readonly mailings: readonly MailingRow[]
  readonly messages: readonly MessageRow[]
  /** By mailing and status. */
  readonly slots: readonly CountRow[]
  readonly tallies: readonly CountRow[]
  /** Messages that were `unknown` at any time. */
  readonly everUnknown: ReadonlySet<number>
  readonly openRetries: number
  readonly openChunks: number
}

export interface CountRow {
  readonly mailingId: number
  readonly status: string
  readonly count: number
}

/** Notes whatever becomes unknown, though it may become something else later. */
const WATCH = `
  create table ever_unknown (message_id bigint primary key);
  create function note_unknown() returns trigger language plpgsql as $$
    begin insert into ever_unknown values (new.id) on conflict do nothing; return null; end $$;
  create trigger note_unknown after update of status on message for each row
    when (new.status = 'unknown' and old.status <> 'unknown') execute function note_unknown()`

const MESSAGES = `
  select m.id::float8 as id, m.mailing_id::float8 as "mailingId", c.phone::float8 as phone, m.status, m.reason,
    case g.channel when 'email' then c.email when 'webhook' then c.webhook_url else c.phone::text end as address
  from message m join client c on c.id = m.client_id join mailing g on g.id = m.mailing_id`

const MAILINGS = `select id::float8 as id, name, status, message_count::float8 as "messageCount" from mailing order by id`

const countsOf = (table: string, where: string) => `
  select mailing_id::float8 as "mailingId", status, sum(count)::float8 as count from ${table} where ${where}
  group by 1, 2 having sum(count) <> 0`

export function watchUnknown(databaseUrl: string): Promise<void> {
  return withClient(databaseUrl, async (client) => void (await client.query(WATCH)))
}

/** Mailings that have not come to rest. @throws Error where the database is away */
export function countUnsettled(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::float8 as count from mailing where settled_at is null',
    )
    return rows[0]!.count
  })
}

export function readRunState(databaseUrl: string): Promise<RunState> {
  return withClient(databaseUrl, async (client) => {
    const list = async <T extends object>(sql: string) => (await client.query<T>(sql)).rows
    const count = async (sql: string) => (await list<{ count: number }>(sql))[0]!.count
    return {
      mailings: await list<MailingRow>(MAILINGS),
      messages: await list<MessageRow>(MESSAGES),
      slots: await list<CountRow>(countsOf('mailing_stat', 'true')),
      tallies: await list<CountRow>(countsOf('mailing_tally', `unit = 'hour'`)),
      everUnknown: new Set(
        (await list<{ id: number }>('select message_id::float8 as id from ever_unknown')).map(({ id }) => id),
      ),
      openRetries: await count('select count(*)::float8 as count from retry'),
      openChunks: await count('select count(*)::float8 as count from send_chunk where closed_at is null'),
    }
  })
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  // Or the process ends where the server does.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

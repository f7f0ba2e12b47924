import { eventually } from '@runnel/testing'
import { Client } from 'pg'

const LIMIT_MS = 300_000
const POLL_MS = 50

/** The tables of mailings, as a benchmark sees them. */
export class MailingStore {
  readonly #client: Client

  private constructor(url: string) {
    this.#client = new Client({ connectionString: url })
  }

  static async open(stack: AsyncDisposableStack, url: string): Promise<MailingStore> {
    const store = new MailingStore(url)
    await store.#client.connect()
    stack.defer(() => store.#client.end())
    return store
  }

  /** Clients of a hundred operators and tags, in one zone. */
  async addClients(count: number): Promise<void> {
    await this.#client.query(
      `insert into client (phone, operator_code, tag, time_zone, attributes)
       select 79000000000 + i, (900 + i % 10)::text, 'tag ' || i / 10 % 10, 'Africa/Abidjan',
         jsonb_build_object('name', 'client ' || i)
       from generate_series(0, $1::bigint - 1) i`,
      [count],
    )
    await this.#client.query('vacuum analyze client')
    await this.#client.query('checkpoint')
  }

  /** No mailing and no message, and nothing left to write of what was there: each turn begins alike. */
  async empty(): Promise<void> {
    await this.#client.query(
      `truncate mailing, mailing_zone, mailing_cell, mailing_stat, mailing_tally, message, send_chunk, retry, attempt`,
    )
    await this.#client.query('checkpoint')
  }

  /** Waits until so many messages have been made. @returns milliseconds from the start of the mailing until they were */
  async untilMaterialised(mailingId: number, count: number): Promise<number> {
    const row = await eventually(
      async () => {
        const { rows } = await this.#client.query<{ ms: number | null; count: number }>(
          `select extract(epoch from materialised_at - started_at)::float8 * 1000 as ms, message_count::float8 as count
           from mailing where id = $1`,
          [mailingId],
        )
        return rows[0]!.ms !== null && rows[0]
      },
      { timeoutMs: LIMIT_MS, everyMs: POLL_MS },
    )
    if (row.count !== count) throw new Error(`${row.count} of ${count} messages were made`)
    return row.ms!
  }

  /** Waits until so many messages are sent and recorded. @returns when the last one was, in milliseconds since 1970 */
  async untilSent(mailingId: number, count: number): Promise<number> {
    await eventually(
      async () => {
        const { rows } = await this.#client.query<{ sent: number }>(
          `select coalesce(sum(count), 0)::float8 as sent from mailing_stat where mailing_id = $1 and status = 'sent'`,
          [mailingId],
        )
        return rows[0]!.sent === count
      },
      { timeoutMs: LIMIT_MS, everyMs: POLL_MS },
    )
    const { rows } = await this.#client.query<{ ms: number }>(
      'select extract(epoch from max(updated_at))::float8 * 1000 as ms from message where mailing_id = $1',
      [mailingId],
    )
    return rows[0]!.ms
  }

  async query<T extends object>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.#client.query<T>(sql, [...values])).rows
  }
}

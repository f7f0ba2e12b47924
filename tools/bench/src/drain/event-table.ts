import { Client } from 'pg'
import { copyIn, copyOut, timeOnConnections } from './copy-rows.ts'
import { splitRows } from './split-rows.ts'

/** Where a drain ends, as a benchmark sees it. */
export interface DrainTable {
  /** As it was before the first drain, with nothing left to write from what was in it: each turn begins alike. */
  reset(): Promise<void>
  count(): Promise<number>
  /** When the last of the rows was committed, in milliseconds since 1970. Wants track_commit_timestamp. */
  lastCommitMs(): Promise<number>
  /** Keeps in memory what {@link copy} will bring back. @param connections that it will do so over */
  keep(connections: number): Promise<void>
  /** The least that brings back what was kept. @returns how many milliseconds it took */
  copy(): Promise<number>
}

export type EventTableName = 'metric' | 'log' | 'product_event'

/** A table of events, which is empty before a drain. */
export class EventTable implements DrainTable {
  readonly #url: string
  readonly #table: EventTableName
  readonly #client: Client
  #kept: readonly Buffer[] = []

  private constructor(url: string, table: EventTableName) {
    this.#url = url
    this.#table = table
    this.#client = new Client({ connectionString: url })
  }

  static async open(stack: AsyncDisposableStack, url: string, table: EventTableName): Promise<EventTable> {
    const opened = new EventTable(url, table)
    await opened.#client.connect()
    stack.defer(() => opened.#client.end())
    return opened
  }

  /** The connection that nothing is measured over. */
  get client(): Client {
    return this.#client
  }

  async reset(): Promise<void> {
    await this.#client.query(`truncate ${this.#table}`)
    await this.#client.query('checkpoint')
  }

  async count(): Promise<number> {
    const { rows } = await this.#client.query<{ count: number }>(
      `select count(*)::float8 as count from ${this.#table}`,
    )
    return rows[0]!.count
  }

  async lastCommitMs(): Promise<number> {
    const { rows } = await this.#client.query<{ last: Date }>(
      `select max(pg_xact_commit_timestamp(xmin)) as last from ${this.#table}`,
    )
    return rows[0]!.last.getTime()
  }

  async keep(connections: number): Promise<void> {
    this.#kept = splitRows(await copyOut(this.#client, `select * from ${this.#table}`), connections)
  }

  async copy(): Promise<number> {
    return timeOnConnections(this.#url, this.#kept, (client, rows) => copyIn(client, this.#table, rows))
  }
}

import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** The table of metrics, as a benchmark sees it. */
export class MetricTable {
  readonly #url: string
  readonly #client: Client

  private constructor(url: string) {
    this.#url = url
    this.#client = new Client({ connectionString: url })
  }

  static async open(stack: AsyncDisposableStack, url: string): Promise<MetricTable> {
    const table = new MetricTable(url)
    await table.#client.connect()
    stack.defer(() => table.#client.end())
    return table
  }

  /** Nothing in it, and nothing left to write from what was in it: each turn begins alike. */
  async empty(): Promise<void> {
    await this.#client.query('truncate metric')
    await this.#client.query('checkpoint')
  }

  async count(): Promise<number> {
    const { rows } = await this.#client.query<{ count: string }>('select count(*) from metric')
    return Number(rows[0]!.count)
  }

  /** When the last of the rows was committed, in milliseconds since 1970. Wants track_commit_timestamp. */
  async lastCommitMs(): Promise<number> {
    const { rows } = await this.#client.query<{ last: Date }>(
      'select max(pg_xact_commit_timestamp(xmin)) as last from metric',
    )
    return rows[0]!.last.getTime()
  }

  /** All rows in the text format of COPY. */
  async dump(): Promise<Buffer> {
    const chunks: Buffer[] = []
    const stream = this.#client.query(copyTo('copy (select * from metric) to stdout'))
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    await once(stream, 'end')
    return Buffer.concat(chunks)
  }

  /** Copies parts of a dump at the same time, each over a connection of its own. @returns milliseconds until all are in */
  async copy(parts: readonly Buffer[]): Promise<number> {
    const clients = parts.map(() => new Client({ connectionString: this.#url }))
    await Promise.all(clients.map((client) => client.connect()))
    try {
      const start = performance.now()
      await Promise.all(
        clients.map((client, i) =>
          pipeline(Readable.from(chunksOf(parts[i]!)), client.query(copyFrom('copy metric from stdin'))),
        ),
      )
      return performance.now() - start
    } finally {
      await Promise.all(clients.map((client) => client.end()))
    }
  }
}

const CHUNK_BYTES = 64 * 1024

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}

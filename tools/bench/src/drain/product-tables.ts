import type { Client } from 'pg'
import { copyIn, copyOut, timeOnConnections } from './copy-rows.ts'
import { EventTable, type DrainTable } from './event-table.ts'

interface Part {
  readonly events: Buffer
  readonly products: Buffer
}

/** The newer version wins, as in the consumer's own statement. */
const UPSERT = `
  insert into product select * from incoming order by id
  on conflict (id) do update set name = excluded.name, price = excluded.price, manufacturer = excluded.manufacturer,
    attributes = excluded.attributes, version = excluded.version, version_event = excluded.version_event,
    updated_at = excluded.updated_at, deleted_at = excluded.deleted_at
  where (product.version, product.version_event) < (excluded.version, excluded.version_event)`

/**
 * Events of products, and the products: those that the events are about are there already, with an older version. No two
 * events are about one product, so that one update for each is the least possible work.
 */
export class ProductTables implements DrainTable {
  readonly #url: string
  readonly #events: EventTable
  readonly #products: number
  #kept: readonly Part[] = []

  private constructor(url: string, events: EventTable, products: number) {
    this.#url = url
    this.#events = events
    this.#products = products
  }

  /** @param products how many there are, with ids from 1 */
  static async open(stack: AsyncDisposableStack, url: string, products: number): Promise<ProductTables> {
    return new ProductTables(url, await EventTable.open(stack, url, 'product_event'), products)
  }

  async reset(): Promise<void> {
    const { client } = this.#events
    await client.query('truncate product')
    await client.query(
      `insert into product (id, name, price, manufacturer, attributes, version, version_event, updated_at)
       select n, 'pen', 1, 'maker', '{"colour":"red"}', 0, gen_random_uuid(), now()
       from generate_series(1, $1::bigint) n`,
      [this.#products],
    )
    await client.query('vacuum analyze product')
    await this.#events.reset()
  }

  count(): Promise<number> {
    return this.#events.count()
  }

  lastCommitMs(): Promise<number> {
    return this.#events.lastCommitMs()
  }

  async keep(connections: number): Promise<void> {
    const { client } = this.#events
    const parts: Part[] = []
    for (let part = 0; part < connections; part++) {
      // By product, so that no connection waits for rows that another one has locked.
      parts.push({
        events: await copyOut(
          client,
          `select * from product_event where product_id % ${connections} = ${part}`,
        ),
        products: await copyOut(client, `select * from product where id % ${connections} = ${part}`),
      })
    }
    this.#kept = parts
  }

  async copy(): Promise<number> {
    return timeOnConnections(this.#url, this.#kept, copyPart)
  }
}

async function copyPart(client: Client, { events, products }: Part): Promise<void> {
  await client.query('begin')
  await copyIn(client, 'product_event', events)
  await client.query('create temp table incoming (like product) on commit drop')
  await copyIn(client, 'incoming', products)
  await client.query(UPSERT)
  await client.query('commit')
}

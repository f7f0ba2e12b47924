import type { Client } from 'pg'

/** Products with the ids from 1 on, as a shop has them. @param count into an empty table */
export async function fillProducts(client: Client, count: number): Promise<void> {
  await client.query(
    `insert into product (id, name, price, manufacturer, attributes, version, version_event, updated_at)
     select n, 'Product ' || n, n * 7919 % 100003 / 100.0, 'maker ' || n % 200,
       jsonb_build_object('colour', (array['red', 'green', 'blue'])[1 + n % 3], 'size', n % 50), 1, gen_random_uuid(), now()
     from generate_series(1, $1::bigint) n`,
    [count],
  )
  await client.query('vacuum analyze product')
  await client.query('checkpoint')
}

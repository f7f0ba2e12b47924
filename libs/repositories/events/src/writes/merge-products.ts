import type { Schema } from '@runnel/repositories-database'
import { inSlices } from '@runnel/runtime'
import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { PlacedProduct } from './reduce-products.ts'
import { toJsonArray } from './to-json-array.ts'

/** A product that was changed, and the event that it shows now. */
export interface ShownProduct {
  readonly id: number
  readonly natural_key: string | null
  readonly event_id: string
}

/** How events find their product. */
export type ProductMatch = 'id' | 'natural_key'

async function toRecords(products: readonly PlacedProduct[]): Promise<string> {
  return inSlices(
    toJsonArray(
      products.map(({ row, naturalKey, position, positionMs }) => ({
        // What is null is left out: it is read as null.
        id: row.productId ?? undefined,
        natural_key: naturalKey ?? undefined,
        name: row.name,
        price: row.price,
        manufacturer: row.manufacturer ?? undefined,
        attributes: row.attributes,
        version: row.version ?? positionMs,
        version_event: position,
        event_id: row.id,
        client_version: row.version ?? undefined,
        deleted: row.op === 'delete' || undefined,
      })),
    ),
  )
}

const RECORD = sql`r(id bigint, natural_key uuid, name text, price numeric, manufacturer text, attributes jsonb,
  version bigint, version_event uuid, event_id uuid, client_version bigint, deleted boolean)`

/** The milliseconds of a position: where `version` differs from them, a client gave it. */
const positionMs = (position: RawBuilder<unknown>) =>
  sql`('x' || left(replace(${position}::text, '-', ''), 12))::bit(48)::bigint`

/**
 * Inserts products, and updates those of which all events have a version, or none has. What that leaves out, because the product
 * has a newer state or has both, is for {@link mergeProducts}: the rows are locked by then.
 *
 * @param products at most one event of each product, in the order of locking
 * @returns those that were changed
 */
export async function upsertProducts(
  trx: Transaction<Schema>,
  match: ProductMatch,
  products: readonly PlacedProduct[],
): Promise<readonly ShownProduct[]> {
  if (products.length === 0) return []
  const id = match === 'id' ? sql`id` : sql`nextval('product_generated_id')`
  const { rows } = await sql<ShownProduct>`
    insert into product (id, natural_key, name, price, manufacturer, attributes, version, version_event, event_id,
      client_version, client_version_event, updated_at, deleted_at)
    select ${id}, natural_key, name, price, manufacturer, attributes, version, version_event, event_id,
      client_version, case when client_version is not null then version_event end, now(), case when deleted then now() end
    from json_to_recordset(${await toRecords(products)}::json) as ${RECORD}
    on conflict (${sql.id(match)})
    do update set name = excluded.name, price = excluded.price, manufacturer = excluded.manufacturer,
      attributes = excluded.attributes, version = excluded.version, version_event = excluded.version_event,
      event_id = excluded.event_id, client_version = excluded.client_version,
      client_version_event = excluded.client_version_event, updated_at = excluded.updated_at,
      deleted_at = excluded.deleted_at
    where case when excluded.client_version is null
      then product.client_version is null and product.version_event < excluded.version_event
        and product.version = ${positionMs(sql`product.version_event`)}
      else product.client_version_event = product.version_event and product.unversioned is null
        and (product.version, product.version_event) < (excluded.version, excluded.version_event) end
    returning id::float8 as id, natural_key, event_id`.execute(trx)
  return rows
}

/** What a product would be with its newest event without a version, for {@link mergeProducts} to return to. */
const pack = (from: 'p' | 'r', deletedAt: RawBuilder<unknown>) => {
  const column = (name: string) => sql.ref(`${from}.${name}`)
  return sql`jsonb_build_object('name', ${column('name')}, 'price', ${column('price')}, 'manufacturer',
    ${column('manufacturer')}, 'attributes', ${column('attributes')}, 'version', ${column('version')}, 'version_event',
    ${column('version_event')}, 'event_id', ${column('event_id')}, 'deleted_at', ${deletedAt})`
}

/**
 * The rule of decision 0030, for any two states of a product. Of the event with the greatest version and the last one without
 * a version, the later one is shown. Both stay known, so that the outcome is the same in every order of arrival.
 *
 * @param products at most one event of each product, whose rows are locked
 * @returns those in which it changed anything
 */
export async function mergeProducts(
  trx: Transaction<Schema>,
  match: ProductMatch,
  products: readonly PlacedProduct[],
): Promise<readonly ShownProduct[]> {
  if (products.length === 0) return []
  const shown = (name: string) =>
    sql`case when shows then ${sql.ref(`r.${name}`)} when restores then ${sql.ref(`u.${name}`)} else ${sql.ref(`p.${name}`)} end
      as ${sql.id(name)}`
  const { rows } = await sql<ShownProduct>`
    update product set name = m.name, price = m.price, manufacturer = m.manufacturer, attributes = m.attributes,
      version = m.version, version_event = m.version_event, event_id = m.event_id, client_version = m.client_version,
      client_version_event = m.client_version_event, unversioned = m.unversioned, deleted_at = m.deleted_at,
      updated_at = case when m.changes then now() else product.updated_at end
    from (
      select p.id as product_id, shows or restores as changes, ${shown('name')}, ${shown('price')},
        ${shown('manufacturer')}, ${shown('attributes')}, ${shown('version')}, ${shown('version_event')},
        ${shown('event_id')},
        case when shows then case when r.deleted then now() end when restores then u.deleted_at else p.deleted_at end
          as deleted_at,
        case when is_versioned then r.client_version else last_version end as client_version,
        case when is_versioned then r.version_event else last_version_event end as client_version_event,
        case when not is_versioned then case when not shows then ${pack('r', sql`case when r.deleted then now() end`)} end
          when not shows then null when was_versioned then p.unversioned
          else ${pack('p', sql`p.deleted_at`)} end as unversioned
      from json_to_recordset(${await toRecords(products)}::json) as ${RECORD}
      join product p on p.${sql.id(match)} = r.${sql.id(match)}
      cross join lateral (select r.client_version is not null as is_versioned,
        coalesce(p.client_version_event = p.version_event, false)
          or p.version <> ${positionMs(sql`p.version_event`)} as was_versioned) a
      cross join lateral (select
        case when was_versioned then p.version else p.client_version end as last_version,
        case when was_versioned then p.version_event else p.client_version_event end as last_version_event,
        case when was_versioned then (p.unversioned ->> 'version_event')::uuid else p.version_event end as last_unversioned) b
      cross join lateral (select
        case when is_versioned
          then last_version is null or (last_version, last_version_event) < (r.client_version, r.version_event)
          else last_unversioned is null or last_unversioned < r.version_event end as counts,
        case when is_versioned then last_unversioned is null or last_unversioned < r.version_event
          else last_version_event is null or last_version_event < r.version_event end as shows) c
      cross join lateral (select is_versioned and was_versioned and not shows as restores) d
      left join lateral jsonb_to_record(p.unversioned) as u(name text, price numeric, manufacturer text, attributes jsonb,
        version bigint, version_event uuid, event_id uuid, deleted_at timestamptz) on restores
      where counts
    ) m
    where product.id = m.product_id
    returning product.id::float8 as id, product.natural_key, product.event_id`.execute(trx)
  return rows
}

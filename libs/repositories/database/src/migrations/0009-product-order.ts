import { sql, type Kysely } from 'kysely'

/**
 * What the order of products needs; see decision 0030. Consumers from before it leave the new columns of `product` as they
 * are, and go on to compare `version` and `version_event`.
 *
 * `product_position` begins behind everything that there is: ids of the past may be ahead of the broker's clock.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table product
      add column event_id uuid,
      add column client_version bigint,
      add column client_version_event uuid,
      add column unversioned jsonb`.execute(db)
  await sql`
    create table product_position (
      stream text primary key,
      life text not null,
      floor_ms bigint not null,
      floor_sequence bigint not null,
      through_ms bigint not null,
      through_sequence bigint not null
    )`.execute(db)
  await sql`
    insert into product_position (stream, life, floor_ms, floor_sequence, through_sequence, through_ms)
    select '', '', 0, 0, 0, coalesce(max(
      ('x' || left(replace(version_event::text, '-', ''), 12))::bit(48)::bigint), 0)
    from product`.execute(db)
}

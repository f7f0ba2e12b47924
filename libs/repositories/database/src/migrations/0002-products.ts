import { sql, type Kysely } from 'kysely'

/** Generated ids start at 2^40; explicit ids lie below, so that the two never meet. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create sequence product_generated_id minvalue 1099511627776 start 1099511627776`.execute(db)
  await sql`
    create table product (
      id bigint primary key,
      natural_key uuid unique,
      name text not null,
      price numeric not null,
      manufacturer text,
      attributes jsonb not null,
      version bigint not null,
      version_event uuid not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null,
      deleted_at timestamptz
    )`.execute(db)
}

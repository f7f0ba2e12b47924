import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** What the judge of a condition noted at the last turn, whichever replica had it; an empty object at first. */
export async function readConditionMemory({ kysely }: Database, name: string): Promise<unknown> {
  const { rows } = await sql<{ memory: string }>`
    select memory::text as memory from alert_condition where name = ${name}`.execute(kysely)
  return JSON.parse(rows[0]?.memory ?? '{}') as unknown
}

export async function writeConditionMemory(
  { kysely }: Database,
  name: string,
  memory: object,
): Promise<void> {
  await sql`
    insert into alert_condition (name, memory) values (${name}, ${JSON.stringify(memory)}::jsonb)
    on conflict (name) do update set memory = excluded.memory`.execute(kysely)
}

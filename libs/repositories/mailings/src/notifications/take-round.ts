import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { milliseconds } from '../sending/send-conditions.ts'

/**
 * Takes the turn of looking at something, which one replica does at a time, by the database's clock. A turn that lies more than
 * one interval ahead was noted before the clock was set back, and counts for nothing.
 *
 * @returns whether it is the turn of this process
 */
export async function takeRound({ kysely }: Database, name: string, everyMs: number): Promise<boolean> {
  const next = sql`clock_timestamp() + ${milliseconds(everyMs)}`
  // Nothing is written or locked while it is no process's turn.
  const waiting = await sql`
    select from notification_round
    where name = ${name} and due_at > clock_timestamp() and due_at <= ${next}`.execute(kysely)
  if (waiting.rows.length > 0) return false
  const { rows } = await sql`
    insert into notification_round as r (name, due_at) values (${name}, ${next})
    on conflict (name) do update set due_at = excluded.due_at
      where r.due_at <= clock_timestamp() or r.due_at > ${next}
    returning name`.execute(kysely)
  return rows.length === 1
}

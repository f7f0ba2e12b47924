import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** A day is shown, and the period in which it began. */
const KEPT_HOURS = 25

/** Forgets what keys did longer ago. */
export async function purgeUsage({ kysely }: Database): Promise<void> {
  await sql`
    delete from api_key_usage where from_at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS}::int)`.execute(
    kysely,
  )
}

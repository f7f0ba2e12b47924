import type { Kind } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** A dead letter as it was received. */
export interface DeadLetteredItem {
  readonly sourceId: string
  readonly payload: Buffer
  readonly reason: string
}

const PAGE_ROWS = 200

/**
 * Reads the dead letters of a kind whose payload holds the bytes of `text`, in pages. For `verify` alone: the
 * payloads may be anything, so that every one is searched.
 */
export async function* findDeadLetteredItems(
  db: Database,
  kind: Kind,
  text: string,
): AsyncGenerator<readonly DeadLetteredItem[]> {
  let lastId = 0
  for (;;) {
    const rows = await db.kysely
      .selectFrom('dead_letter')
      .select(['id', 'source_id as sourceId', 'payload', 'reason'])
      .where('kind', '=', kind)
      .where('id', '>', lastId)
      .where(sql<boolean>`position(convert_to(${text}, 'UTF8') in payload) > 0`)
      .orderBy('id')
      .limit(PAGE_ROWS)
      .execute()
    if (rows.length > 0) yield rows
    if (rows.length < PAGE_ROWS) return
    lastId = rows.at(-1)!.id
  }
}

import type { Database } from '@runnel/repositories-database'

/** Keys make keys; nobody goes further to hide who stands behind one. */
const MAX_STEPS = 10

/**
 * Who made a key: as the audit log names them, and where that is a key itself, who made that one.
 *
 * @returns nearest first; empty where the key is not known
 */
export async function findCreators({ kysely }: Database, keyId: string): Promise<string[]> {
  const creators: string[] = []
  let id: string | undefined = keyId
  for (let step = 0; id !== undefined && step < MAX_STEPS; step++) {
    const row: { created_by: string } | undefined = await kysely
      .selectFrom('api_key')
      .select('created_by')
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) break
    creators.push(row.created_by)
    id = / \(key (\w+)\)$/.exec(row.created_by)?.[1]
  }
  return creators
}

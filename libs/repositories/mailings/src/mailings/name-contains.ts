import { sql, type RawBuilder } from 'kysely'

/** Of `mailing`: its name has the text somewhere, in any case. Mailings are few; no index helps here. */
export function nameContains(text: string): RawBuilder<boolean> {
  return sql<boolean>`strpos(lower(name), lower(${text})) > 0`
}

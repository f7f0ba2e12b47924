import { sql, type RawBuilder } from 'kysely'

/**
 * Every word occurs in the text, in whatever case. No wildcards: a `%` is looked for as it stands. There is no index
 * for it; the range of the query bounds what is read.
 */
export function containsAll(text: RawBuilder<unknown>, words: readonly string[]): RawBuilder<boolean> {
  if (words.length === 0) return sql`true`
  const conditions = words.map((word) => sql`position(lower(${word}::text) in lower(${text})) > 0`)
  return sql`(${sql.join(conditions, sql` and `)})`
}

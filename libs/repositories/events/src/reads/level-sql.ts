import { LEVEL_BLANKS, LEVELS, spellingsOf } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'

/**
 * Rows of earlier versions hold levels as they were sent. These expressions read them by the one table of levels
 * (readLevelName in contracts); what is written today passes the first comparison.
 */
const plain = (level: RawBuilder<unknown>) => sql<string>`lower(btrim(${level}, ${LEVEL_BLANKS}) collate "C")`

/** @param levels as readLevelName gives them. @returns whether a column is one of them */
export function isLevel(level: RawBuilder<unknown>, levels: readonly string[]): RawBuilder<boolean> {
  const spellings = levels.flatMap(spellingsOf)
  return sql<boolean>`(${level} = any(${levels}::text[])
    or (${level} <> all(${LEVELS}::text[]) and ${plain(level)} = any(${spellings}::text[])))`
}

/** @returns whether a column says any level */
export function hasLevel(level: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`${plain(level)} <> ''`
}

/** The level of a column that is not null, for a few rows: each is compared with the whole table. */
export function levelOf(level: RawBuilder<unknown>): RawBuilder<string> {
  const known = LEVELS.map((one) => sql`when ${plain(level)} = any(${spellingsOf(one)}::text[]) then ${one}`)
  return sql<string>`case ${sql.join(known, sql` `)} else ${plain(level)} end`
}

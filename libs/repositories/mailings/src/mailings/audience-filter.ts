import { sql, type RawBuilder } from 'kysely'

/** Whom a mailing is for; an empty list leaves none out. */
export interface AudienceFilter {
  readonly operatorCodes: readonly string[]
  readonly tags: readonly string[]
}

/**
 * The one condition by which a client belongs to a mailing's audience; both the count that people are shown and the
 * messages that are made go by it. The table `client` has to be named `c`.
 */
export function inAudience({ operatorCodes, tags }: AudienceFilter): RawBuilder<boolean> {
  const conditions = [sql<boolean>`c.opted_out_at is null`]
  if (operatorCodes.length > 0)
    conditions.push(sql<boolean>`c.operator_code = any(${[...operatorCodes]}::text[])`)
  if (tags.length > 0) conditions.push(sql<boolean>`c.tag = any(${[...tags]}::text[])`)
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

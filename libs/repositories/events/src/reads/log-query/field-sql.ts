import type { FieldPath } from '@runnel/contracts/log-query'
import { sql, type RawBuilder } from 'kysely'
import { memberPlaces } from './member-places.ts'

/** Fields that are columns of log. */
const COLUMNS: Readonly<Record<string, RawBuilder<string>>> = {
  level: sql`level`,
  service: sql`service`,
  message: sql`message`,
  trace_id: sql`replace(trace_id::text, '-', '')`,
  traceId: sql`replace(trace_id::text, '-', '')`,
}

/**
 * The value of a field as jsonb; null where an entry does not have it. Of several places that it may be at, the first one decides. Behind an
 * empty path lies the whole of the data.
 */
export function fieldSql(path: FieldPath): RawBuilder<unknown> {
  if (path.length === 0) return sql`data`
  const column = path.length === 1 ? COLUMNS[path[0]!] : undefined
  if (column) return sql`to_jsonb(${column})`
  const values = memberPlaces(path).paths.map((names) => {
    const value = names.reduce<RawBuilder<unknown>>((inner, name) => sql`${inner}->${name}::text`, sql`data`)
    return sql`nullif(${value}, 'null'::jsonb)`
  })
  return sql`coalesce(${sql.join(values)})`
}

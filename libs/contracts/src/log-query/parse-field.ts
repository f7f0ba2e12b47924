import type { FieldPath } from './log-query.ts'
import { QueryReader } from './query-reader.ts'
import { readField } from './read-field.ts'

/**
 * A field as it is written in a query, without the colon.
 *
 * @returns undefined for a text that is no field
 * @throws LogQueryError for one that lies too deep
 */
export function parseField(text: string): FieldPath | undefined {
  const reader = new QueryReader(`${text}:`)
  const path = readField(reader)
  return reader.atEnd ? path : undefined
}

import type { LogQuery } from '@runnel/contracts/log-query'
import { sql, type RawBuilder } from 'kysely'
import { memberEquals } from './event-filter.ts'
import { isLevel } from './level-sql.ts'
import { all } from '@runnel/repositories-database'
import { createQueryMatcher } from './log-query/create-query-matcher.ts'
import { querySql } from './log-query/query-sql.ts'
import type { SearchableLog } from './searchable-log.ts'
import { createTextMatcher, satisfies, type TextSearch } from './text-search.ts'

/**
 * Which log entries are wanted, whenever they occurred: everything that is given has to match. Words are looked for in the
 * message; in an entry without one, in the whole of its JSON.
 */
export interface LogConditions extends TextSearch {
  /** One of them, as readLevelName gives them. The empty text stands for entries without a level too. */
  readonly levels?: readonly string[] | undefined
  readonly service?: string | undefined
  /** 32 hexadecimal digits in lower case. */
  readonly traceId?: string | undefined
  /** Members of `attributes`, or of the entry itself; compared as text, so that 200 and "200" are found alike. */
  readonly attributes?: readonly (readonly [name: string, value: string])[] | undefined
  readonly query?: LogQuery | undefined
}

/** @returns whether there is any condition at all */
export function isFiltered({
  levels,
  service,
  traceId,
  words,
  without,
  attributes,
  query,
}: LogConditions): boolean {
  return (
    (query !== undefined && !matchesAll(query)) ||
    levels !== undefined ||
    service !== undefined ||
    traceId !== undefined ||
    [words, without, attributes].some((list) => list !== undefined && list.length > 0)
  )
}

/** @returns whether a query is the empty one */
function matchesAll(query: LogQuery): boolean {
  return query.kind === 'and' && query.nodes.length === 0
}

/** @returns whether entries are read one by one to find those that match: no index finds them */
export function isScanned(conditions: LogConditions): boolean {
  return conditions.traceId === undefined && isFiltered(conditions)
}

/** The conditions in SQL, the cheap ones first. */
export function logConditions({
  levels,
  service,
  traceId,
  attributes = [],
  query,
  ...search
}: LogConditions): RawBuilder<boolean> {
  const conditions: RawBuilder<boolean>[] = []
  if (levels !== undefined) {
    conditions.push(isLevel(levels.includes('') ? sql`coalesce(level, '')` : sql`level`, levels))
  }
  if (traceId !== undefined) conditions.push(sql`trace_id = ${traceId}::uuid`)
  if (service !== undefined) conditions.push(sql`service = ${service}`)
  for (const [name, value] of attributes) {
    const inAttributes = memberEquals(sql`(data->'attributes')`, name, value)
    conditions.push(sql`(${inAttributes} or ${memberEquals(sql`data`, name, value)})`)
  }
  if (query !== undefined) conditions.push(querySql(query))
  conditions.push(satisfies(sql`coalesce(message, data::text)`, search))
  return all(conditions)
}

/** The same conditions for entries in this process: what SQL would find, this finds, and nothing else. */
export function createLogMatcher(conditions: LogConditions): (log: SearchableLog) => boolean {
  const { levels, service, traceId, attributes = [], query, ...search } = conditions
  const matchesQuery = query === undefined ? undefined : createQueryMatcher(query)
  const matchesText = createTextMatcher(search)
  return (log) =>
    (levels === undefined || levels.includes(log.level ?? (levels.includes('') ? '' : '\0'))) &&
    (service === undefined || log.service === service) &&
    (traceId === undefined || log.traceId === traceId) &&
    attributes.every(([name, value]) => log.hasMember(name, value)) &&
    matchesText(() => log.text) &&
    (matchesQuery === undefined || matchesQuery(log))
}

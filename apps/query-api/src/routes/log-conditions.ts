import { AppError, readLevelName } from '@runnel/contracts'
import { MAX_QUERY_CHARACTERS } from '@runnel/contracts/log-query'
import type { LogConditions } from '@runnel/repositories-events'
import { Type } from 'typebox'
import { parseFamily } from '../params/parse-family.ts'
import { parseQuery } from '../params/parse-query.ts'
import { Range, Text, TraceId } from '../params/schemas.ts'
import { parseSearch } from '../params/parse-search.ts'

const Level = Text(
  'One of these levels: error,warn, or the parameter several times, in any spelling; empty: without a level',
)

/** Parameters that choose log entries, whenever they occurred. */
export const logConditionParameters = {
  level: Type.Optional(Type.Union([Level, Type.Array(Level, { maxItems: 20 })])),
  service: Type.Optional(Text('Exactly this service')),
  trace: Type.Optional(TraceId),
  query: Type.Optional(
    Text(
      'A query: `level:error service:api* (timeout OR "gave up") -attributes.user.id:42 status:>=500 /regex/ trace_id:*`; ' +
        'holds together with all other parameters. Described in docs/LOG-QUERIES.md. One that cannot be read is answered ' +
        '`invalid_query`, with `reason`, `position` and `expected`',
      MAX_QUERY_CHARACTERS,
    ),
  ),
  q: Type.Optional(
    Text(
      'Words that all occur in the message, in any case; "several words" in quotes count as one; a - before either ' +
        'excludes it. An entry without a message is searched as a whole, as JSON',
      200,
    ),
  ),
}

/** The same, with the time. */
export const logFilter = { ...logConditionParameters, ...Range }

interface LogParams {
  readonly level?: string | string[]
  readonly service?: string
  readonly trace?: string
  readonly q?: string
  readonly query?: string
}

/** @throws AppError invalid_field | invalid_query */
export function parseLogConditions(params: LogParams): LogConditions {
  const { level, service, trace, q, query } = params
  const attributes = parseFamily(params, 'attr.')
  return {
    levels: parseLevels(level),
    service,
    traceId: trace?.toLowerCase(),
    ...parseSearch(q),
    attributes,
    ...(query !== undefined && { query: parseQuery(query) }),
  }
}

/** Levels of one filter. */
const MAX_LEVELS = 20

/** `error,warn`, or the parameter several times. @throws AppError invalid_field */
function parseLevels(level: string | readonly string[] | undefined): string[] | undefined {
  if (level === undefined) return undefined
  const levels = [...new Set([level].flat().flatMap((text) => text.split(',').map(readLevelName)))]
  if (levels.length > MAX_LEVELS) {
    throw new AppError('invalid_field', `There are too many levels: expected at most ${MAX_LEVELS}`, {
      field: 'level',
      expected: `at most ${MAX_LEVELS}`,
    })
  }
  return levels
}

import type { LogFilter, TimeRange } from '@runnel/repositories'
import { Type } from 'typebox'
import { parseFamily } from '../params/family.ts'
import { Range, Text } from '../params/schemas.ts'
import { parseWords } from '../params/words.ts'

/** Parameters that choose log entries. */
export const logFilter = {
  level: Type.Optional(Text('Exactly this level')),
  service: Type.Optional(Text('Exactly this service')),
  q: Type.Optional(Text('Words that occur in the message; "several words" in quotes count as one', 200)),
  ...Range,
}

interface LogParams {
  readonly level?: string
  readonly service?: string
  readonly q?: string
}

/** @throws AppError invalid_field */
export function parseLogFilter<R extends TimeRange>(params: LogParams, range: R): LogFilter & R {
  const { level, service, q } = params
  return { ...range, level, service, words: parseWords(q), attributes: parseFamily(params, 'attr.') }
}

import {
  MAX_REGEX_TEXT_CHARACTERS,
  parseRegex,
  type ExistsTest,
  type PatternTest,
  type RegexTest,
  type TextTest,
} from '@runnel/contracts/log-query'
import { sql, type RawBuilder } from 'kysely'
import { isAscii } from '../folded-text.ts'
import { escapeLike, foldedSql, satisfies } from '../text-search.ts'
import { regexSql } from './regex-sql.ts'

type Condition = RawBuilder<boolean>

/** Of a text in which something is looked for. */
export function textSql(text: RawBuilder<unknown>, test: TextTest | ExistsTest): Condition {
  if (test.test === 'exists') return sql`${text} is not null`
  if (test.test === 'contains') return satisfies(text, { words: [test.text] })
  if (test.test === 'regex') return regexCondition(text, test)
  const pattern = `%${likeOf(test)}%`
  return sql`${foldedSql(text, test.parts.every(isAscii))} like lower(${pattern}::text)`
}

/** Of a text that is looked at as a whole. */
export function valueSql(text: RawBuilder<unknown>, test: PatternTest | RegexTest): Condition {
  if (test.test === 'regex') return regexCondition(text, test)
  return sql`${text} collate "C" like ${likeOf(test)}`
}

function likeOf({ parts }: PatternTest): string {
  return parts.map(escapeLike).join('%')
}

function regexCondition(text: RawBuilder<unknown>, { source, ignoreCase }: RegexTest): Condition {
  const pattern = regexSql(parseRegex(source), ignoreCase)
  const looked = ignoreCase ? foldedSql(text, isAscii(source)) : sql`${text} collate "C"`
  return sql`left(${looked}, ${MAX_REGEX_TEXT_CHARACTERS}::int) ~ ${pattern}`
}

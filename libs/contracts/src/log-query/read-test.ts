import { MAX_QUERY_REGEXES } from './log-query-limits.ts'
import type { CompareOperator, CompareTest, ExistsTest, RegexTest } from './log-query.ts'
import type { QueryReader, Word } from './query-reader.ts'
import { parseRegex } from './regex/parse-regex.ts'

/** What stands behind a field, before the field decides on what it means. */
export type RawValue = { readonly from: number } & (
  | { readonly kind: 'phrase'; readonly text: string }
  | ({ readonly kind: 'word' } & Word)
  | { readonly kind: 'regex'; readonly test: RegexTest }
  | { readonly kind: 'exists'; readonly test: ExistsTest }
  | { readonly kind: 'compare'; readonly operator: CompareOperator; readonly text: string }
  | { readonly kind: 'range'; readonly tests: readonly CompareTest[] }
)

/** Up to the first slash that no backslash escapes, and that ends a term: `/api/v1` is a word. */
const REGEX = /\/((?:[^/\\]|\\.)+)\/(i?)(?=[\s")]|$)/sy

/** A regular expression. @returns undefined where there is none. @throws LogQueryError */
export function readRegex(reader: QueryReader, count: () => number): RegexTest | undefined {
  const from = reader.at
  const found = reader.match(REGEX)
  if (!found) return undefined
  const [, source, flag] = found
  parseRegex(source!, from + 1)
  if (count() > MAX_QUERY_REGEXES) {
    const expected = `at most ${MAX_QUERY_REGEXES}`
    throw reader.error('too_many_regexes', 'There are too many regular expressions', expected, from)
  }
  return { test: 'regex', source: source!, ignoreCase: flag === 'i' }
}

/** What stands behind the colon of a field, or alone in parentheses behind it. @throws LogQueryError */
export function readValue(reader: QueryReader, countRegexes: () => number): RawValue {
  const from = reader.at
  if (reader.sees('"')) return { kind: 'phrase', text: reader.phrase(), from }
  const regex = readRegex(reader, countRegexes)
  if (regex) return { kind: 'regex', test: regex, from }
  const operator = reader.match(/>=|<=|>|</y)?.[0] as CompareOperator | undefined
  if (operator) return { kind: 'compare', operator, text: reader.word().text, from: from + operator.length }
  if (reader.sees('[') || reader.sees('{')) return { kind: 'range', tests: readRange(reader), from }
  const word = reader.word()
  if (word.parts.length > 1 && word.parts.every((part) => part === ''))
    return { kind: 'exists', test: { test: 'exists' }, from }
  if (word.text !== '') return { kind: 'word', ...word, from }
  throw reader.error('value_expected', 'The field has no value', 'a value, "" for an empty one', from)
}

const NUMBER = String.raw`-?(?:0|[1-9]\d{0,99})(?:\.\d{1,99})?(?:[eE][+-]?\d{1,2})?`
const WHOLE_NUMBER = new RegExp(`^${NUMBER}$`)
const RANGE = new RegExp(String.raw`([[{])(${NUMBER}|\*)\s+TO\s+(${NUMBER}|\*)([\]}])`, 'y')

/** @returns whether a text is a number as JSON writes it, and not too long */
export function isNumber(text: string): boolean {
  return WHOLE_NUMBER.test(text)
}

function readRange(reader: QueryReader): CompareTest[] {
  const from = reader.at
  const found = reader.match(RANGE)
  if (!found) {
    const expected = '[least TO most], with * for an open end, { and } for ends outside'
    throw reader.error('range_expected', 'The range is not valid', expected)
  }
  const [, open, least, most, close] = found
  const tests: CompareTest[] = []
  if (least !== '*') tests.push({ test: 'compare', operator: open === '[' ? '>=' : '>', number: least! })
  if (most !== '*') tests.push({ test: 'compare', operator: close === ']' ? '<=' : '<', number: most! })
  if (tests.length === 0) {
    throw reader.error(
      'range_expected',
      'The range has no end',
      'a number at either end; for any value: *',
      from,
    )
  }
  return tests
}

export { parseField } from './parse-field.ts'
export { parseLogQuery } from './parse-log-query.ts'
export { LogQueryError } from './log-query-error.ts'
export { MAX_QUERY_CHARACTERS, MAX_REGEX_TEXT_CHARACTERS } from './log-query-limits.ts'
export type {
  CompareTest,
  ExistsTest,
  FieldPath,
  LogQuery,
  PatternTest,
  RegexTest,
  TextTest,
  ValueTest,
} from './log-query.ts'
export { writeField, writePattern, writePhrase } from './read-field.ts'
export { isNumber } from './read-test.ts'
export { parseRegex } from './regex/parse-regex.ts'
export { MatchFinder, type Span } from './regex/match-finder.ts'
export { RegexMatcher } from './regex/regex-matcher.ts'
export { folded } from './regex/compile-regex.ts'
export type { CharRange, CharSet, Regex } from './regex/regex.ts'

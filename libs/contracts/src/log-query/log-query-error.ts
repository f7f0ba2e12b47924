/** What is wrong with a query. They are part of the public interface: add, never rename. */
export type LogQueryReason =
  | 'query_too_long'
  | 'query_too_deep'
  | 'too_many_terms'
  | 'too_many_regexes'
  | 'field_too_deep'
  | 'unclosed_quote'
  | 'unclosed_parenthesis'
  | 'unexpected_parenthesis'
  | 'term_expected'
  | 'value_expected'
  | 'number_expected'
  | 'range_expected'
  | 'level_expected'
  | 'trace_id_expected'
  | 'not_comparable'
  | 'regex_invalid'
  | 'regex_unsupported'
  | 'regex_too_large'

/** A query that cannot be read, with the place of the trouble in it. */
export class LogQueryError extends Error {
  readonly reason: LogQueryReason
  /** Of the first character that is wrong; of a text that ended too early, its length. In UTF-16 units. */
  readonly position: number
  /** What would have been right there, in words. */
  readonly expected: string

  constructor(reason: LogQueryReason, message: string, position: number, expected: string) {
    super(message)
    this.name = 'LogQueryError'
    this.reason = reason
    this.position = position
    this.expected = expected
  }
}

/** Characters of a query. */
export const MAX_QUERY_CHARACTERS = 2000

/** Parentheses and negations within each other. */
export const MAX_QUERY_DEPTH = 20

/** Words, phrases, expressions and conditions on fields. */
export const MAX_QUERY_TERMS = 50

/** Regular expressions among the terms. */
export const MAX_QUERY_REGEXES = 3

/** Names from an entry down to a field. */
export const MAX_FIELD_SEGMENTS = 10

/** Characters that a regular expression is made of, once its repetitions are written out. */
export const MAX_REGEX_SIZE = 100

/** Characters of a text, from its beginning, that a regular expression looks at: it costs up to 2 us per character. */
export const MAX_REGEX_TEXT_CHARACTERS = 16_384

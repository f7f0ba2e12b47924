import { all, fieldCondition, textTest } from './field-condition.ts'
import { LogQueryError } from './log-query-error.ts'
import { MAX_QUERY_CHARACTERS, MAX_QUERY_DEPTH, MAX_QUERY_TERMS } from './log-query-limits.ts'
import type { FieldPath, LogQuery } from './log-query.ts'
import { QueryReader } from './query-reader.ts'
import { readField } from './read-field.ts'
import { readRegex, readValue } from './read-test.ts'

/**
 * Reads a query: `level:error service:api* (timeout OR "gave up") -attributes.user.id:42`. NOT binds more tightly than AND, which
 * is also what stands between terms without a word, and AND more tightly than OR. Described in docs/LOG-QUERIES.md.
 *
 * @throws LogQueryError
 */
export function parseLogQuery(text: string): LogQuery {
  if (text.length > MAX_QUERY_CHARACTERS) {
    const expected = `at most ${MAX_QUERY_CHARACTERS} characters`
    throw new LogQueryError('query_too_long', 'The query is too long', MAX_QUERY_CHARACTERS, expected)
  }
  return new Parser(text).parse()
}

class Parser {
  readonly #reader: QueryReader
  #terms = 0
  #regexes = 0
  /** Whose value is wanted within parentheses: `level:(error OR fatal)`. */
  #field: FieldPath | undefined

  constructor(text: string) {
    this.#reader = new QueryReader(text)
  }

  parse(): LogQuery {
    const reader = this.#reader
    reader.skipBlanks()
    if (reader.atEnd) return { kind: 'and', nodes: [] }
    const query = this.#or(0)
    if (!reader.atEnd) throw reader.error('unexpected_parenthesis', 'A ) has no ( before it', 'no ) here')
    return query
  }

  #or(depth: number): LogQuery {
    const nodes = [this.#and(depth)]
    while (this.#reader.takeKeyword('OR')) nodes.push(this.#and(depth))
    return nodes.length === 1 ? nodes[0]! : { kind: 'or', nodes }
  }

  #and(depth: number): LogQuery {
    const reader = this.#reader
    const nodes: LogQuery[] = []
    for (;;) {
      reader.skipBlanks()
      nodes.push(this.#not(depth))
      reader.skipBlanks()
      if (reader.takeKeyword('AND')) continue
      const from = reader.at
      const goesOn = !reader.atEnd && !reader.sees(')') && !reader.takeKeyword('OR')
      reader.at = from
      if (!goesOn) return all(nodes)
    }
  }

  #not(depth: number): LogQuery {
    const reader = this.#reader
    const from = reader.at
    const negated = reader.takeKeyword('NOT') || reader.match(/-(?=[^\s)])/y) !== undefined
    if (!negated) return this.#term(depth)
    this.#requireDepth(depth + 1, from)
    reader.skipBlanks()
    return { kind: 'not', node: this.#not(depth + 1) }
  }

  #term(depth: number): LogQuery {
    const reader = this.#reader
    const from = reader.at
    if (reader.take('(')) return this.#group(depth + 1, from)
    this.#requireTerm()
    const field = readField(reader)
    if (this.#field && field) {
      const expected = 'values of one field, in quotes where they have a :'
      throw reader.error('value_expected', 'A field stands among values of another one', expected, from)
    }
    if (this.#field) return fieldCondition(this.#field, readValue(reader, this.#countRegex))
    if (field) {
      const opening = reader.at
      if (reader.take('(')) return this.#groupOf(field, depth + 1, opening)
      return fieldCondition(field, readValue(reader, this.#countRegex))
    }
    if (reader.sees('"')) return { kind: 'text', test: { test: 'contains', text: reader.phrase() } }
    const regex = readRegex(reader, this.#countRegex)
    if (regex) return { kind: 'text', test: regex }
    return { kind: 'text', test: textTest({ kind: 'word', ...reader.word(), from }) }
  }

  #groupOf(field: FieldPath, depth: number, from: number): LogQuery {
    this.#field = field
    this.#terms--
    const query = this.#group(depth, from)
    this.#field = undefined
    return query
  }

  #group(depth: number, from: number): LogQuery {
    this.#requireDepth(depth, from)
    const query = this.#or(depth)
    if (this.#reader.take(')')) return query
    throw this.#reader.error('unclosed_parenthesis', 'A ( is not closed', 'a closing )', from)
  }

  readonly #countRegex = () => ++this.#regexes

  #requireTerm(): void {
    const reader = this.#reader
    const from = reader.at
    const isMissing =
      reader.atEnd || reader.sees(')') || reader.takeKeyword('AND') || reader.takeKeyword('OR')
    if (isMissing) {
      const expected = 'a word, a "phrase", field:value or ( ... )'
      throw reader.error('term_expected', 'A term is missing', expected, from)
    }
    if (++this.#terms <= MAX_QUERY_TERMS) return
    throw reader.error('too_many_terms', 'The query has too many terms', `at most ${MAX_QUERY_TERMS}`, from)
  }

  #requireDepth(depth: number, from: number): void {
    if (depth <= MAX_QUERY_DEPTH) return
    const expected = `at most ${MAX_QUERY_DEPTH} parentheses and negations within each other`
    throw this.#reader.error('query_too_deep', 'The query is nested too deeply', expected, from)
  }
}

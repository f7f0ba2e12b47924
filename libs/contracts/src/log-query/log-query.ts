/**
 * What a query asks of a log entry, as {@link parseLogQuery} reads it: plain JSON, so that equal queries are equal texts. It is
 * evaluated as SQL and in memory; both look at every leaf in the same way.
 */
export type LogQuery =
  /** All of them hold; without any, everything matches. */
  | { readonly kind: 'and'; readonly nodes: readonly LogQuery[] }
  | { readonly kind: 'or'; readonly nodes: readonly LogQuery[] }
  | { readonly kind: 'not'; readonly node: LogQuery }
  /** Somewhere in the message; in an entry without one, in the whole of its JSON. */
  | { readonly kind: 'text'; readonly test: TextTest }
  /** Somewhere in the message alone. */
  | { readonly kind: 'message'; readonly test: TextTest | ExistsTest }
  /** One of these levels, as readLevelName gives them; the empty text stands for none. */
  | { readonly kind: 'level'; readonly levels: readonly string[] }
  | { readonly kind: 'level-exists' }
  /** 32 hexadecimal digits in lower case; undefined: the entry names a trace. */
  | { readonly kind: 'trace'; readonly traceId?: string }
  | { readonly kind: 'service'; readonly test: ValueTest | ExistsTest }
  | { readonly kind: 'member'; readonly path: FieldPath; readonly test: ValueTest | CompareTest | ExistsTest }

/** The segments of `attributes.user."first name"`. */
export type FieldPath = readonly string[]

/** Looks for something within a text, in whatever case but for a regular expression without the flag i. */
export type TextTest = ContainsTest | PatternTest | RegexTest

/** Looks at the whole of a value; a regular expression finds its match anywhere. */
export type ValueTest = EqualsTest | PatternTest | RegexTest

export interface ContainsTest {
  readonly test: 'contains'
  readonly text: string
}

interface EqualsTest {
  readonly test: 'equals'
  readonly text: string
}

/** `api*`: these texts in this order, with anything between them. */
export interface PatternTest {
  readonly test: 'pattern'
  readonly parts: readonly string[]
}

export interface RegexTest {
  readonly test: 'regex'
  readonly source: string
  readonly ignoreCase: boolean
}

export interface ExistsTest {
  readonly test: 'exists'
}

/** Numbers, and texts that are numbers, by their value. */
export interface CompareTest {
  readonly test: 'compare'
  readonly operator: CompareOperator
  /** As JSON writes it. */
  readonly number: string
}

export type CompareOperator = '>' | '>=' | '<' | '<='

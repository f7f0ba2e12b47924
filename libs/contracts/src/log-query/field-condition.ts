import { LEVELS, readLevelName } from '../events/levels.ts'
import { LogQueryError } from './log-query-error.ts'
import type {
  CompareOperator,
  CompareTest,
  ContainsTest,
  FieldPath,
  LogQuery,
  PatternTest,
  ValueTest,
} from './log-query.ts'
import { isNumber, type RawValue } from './read-test.ts'

/** What a field and a value ask for. @throws LogQueryError */
export function fieldCondition(path: FieldPath, value: RawValue): LogQuery {
  const [name] = path
  if (path.length === 1) {
    if (name === 'level') return levelCondition(value)
    if (name === 'service') return { kind: 'service', test: comparable(name, value) }
    if (name === 'message') return messageCondition(value)
    if (name === 'trace_id' || name === 'traceId') return traceCondition(value)
  }
  if (value.kind === 'range') return all(value.tests.map((test) => ({ kind: 'member', path, test })))
  const test = value.kind === 'compare' ? compare(value) : valueTest(value)
  return { kind: 'member', path, test }
}

type Comparison = Extract<RawValue, { kind: 'compare' }>
type Plain = Exclude<RawValue, { kind: 'compare' | 'range' }>

/** Of a word, with or without a `*`. */
export function textTest(value: Extract<RawValue, { kind: 'word' | 'phrase' }>): ContainsTest | PatternTest {
  if (value.kind === 'word' && value.parts.length > 1) return { test: 'pattern', parts: value.parts }
  return { test: 'contains', text: value.text }
}

function valueTest(value: Plain) {
  if (value.kind === 'regex' || value.kind === 'exists') return value.test
  const test = textTest(value)
  return test.test === 'contains' ? { test: 'equals' as const, text: test.text } : test
}

function compare({ operator, text, from }: Comparison): CompareTest {
  if (isNumber(text)) return { test: 'compare', operator, number: text }
  throw new LogQueryError(
    'number_expected',
    `${operator} compares numbers`,
    from,
    'a number, e.g. 500 or -1.5',
  )
}

function comparable(name: string, value: RawValue) {
  if (value.kind !== 'compare' && value.kind !== 'range') return valueTest(value)
  const expected = 'a value, a pattern such as api*, or /an expression/'
  throw new LogQueryError('not_comparable', `${name} is a text, which has no order`, value.from, expected)
}

function messageCondition(value: RawValue): LogQuery {
  const test = comparable('message', value)
  // What is contained in a message, not what it is.
  return { kind: 'message', test: isEquals(test) ? { test: 'contains', text: test.text } : test }
}

function isEquals(test: { test: string }): test is Extract<ValueTest, { test: 'equals' }> {
  return test.test === 'equals'
}

function levelCondition(value: RawValue): LogQuery {
  const { kind, from } = value
  if (kind === 'exists') return { kind: 'level-exists' }
  if (kind === 'phrase') return { kind: 'level', levels: [readLevelName(value.text)] }
  if (kind === 'word' && value.parts.length === 1) {
    return { kind: 'level', levels: [...new Set(value.text.split(',').map(readLevelName))] }
  }
  if (kind === 'compare') return { kind: 'level', levels: levelsBeside(value) }
  throw new LogQueryError(
    'level_expected',
    'level takes names',
    from,
    'a level, several with commas, or >=warn',
  )
}

const HOLDS: Readonly<Record<CompareOperator, (place: number, than: number) => boolean>> = {
  '>': (place, than) => place > than,
  '>=': (place, than) => place >= than,
  '<': (place, than) => place < than,
  '<=': (place, than) => place <= than,
}

function levelsBeside({ operator, text, from }: Comparison): string[] {
  const names: readonly string[] = LEVELS
  const than = names.indexOf(readLevelName(text))
  if (than >= 0) return names.filter((_, place) => HOLDS[operator](place, than))
  const expected = `one of ${LEVELS.join(', ')}`
  throw new LogQueryError('level_expected', `${operator} compares levels that are known`, from, expected)
}

function traceCondition(value: RawValue): LogQuery {
  if (value.kind === 'exists') return { kind: 'trace' }
  const text = value.kind === 'word' || value.kind === 'phrase' ? value.text : ''
  if (/^[0-9a-fA-F]{32}$/.test(text)) return { kind: 'trace', traceId: text.toLowerCase() }
  const expected = '32 hexadecimal digits, or * for any'
  throw new LogQueryError('trace_id_expected', 'This is no trace id', value.from, expected)
}

/** @returns the only one, or all of them together */
export function all(nodes: readonly LogQuery[]): LogQuery {
  return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes }
}

import { describe, expect, test } from '@jest/globals'
import { LogQueryError } from './log-query-error.ts'
import type { LogQuery } from './log-query.ts'
import { parseLogQuery } from './parse-log-query.ts'

/** A tree as text, short enough to be compared. */
function show(query: LogQuery): string {
  switch (query.kind) {
    case 'and':
    case 'or':
      return `${query.kind}(${query.nodes.map(show).join(' ')})`
    case 'not':
      return `not(${show(query.node)})`
    case 'level':
      return `level=${query.levels.join('|')}`
    case 'level-exists':
      return 'level?'
    case 'trace':
      return `trace=${query.traceId ?? '*'}`
    case 'member':
      return `${query.path.map((name) => `<${name}>`).join('')}${showTest(query.test)}`
    case 'text':
    case 'message':
    case 'service':
      return `${query.kind}${showTest(query.test)}`
  }
}

function showTest(
  test: Extract<LogQuery, { kind: 'member' }>['test'] | { test: 'contains'; text: string },
): string {
  if (test.test === 'exists') return '?'
  if (test.test === 'compare') return `${test.operator}${test.number}`
  if (test.test === 'regex') return `~${test.source}~${test.ignoreCase ? 'i' : ''}`
  if (test.test === 'pattern') return `~${JSON.stringify(test.parts)}`
  return `${test.test === 'equals' ? '=' : ':'}${test.text}`
}

describe('a query', () => {
  test.each([
    ['', 'and()'],
    ['  ', 'and()'],
    ['timeout', 'text:timeout'],
    ['a b', 'and(text:a text:b)'],
    ['a AND b', 'and(text:a text:b)'],
    ['a OR b c', 'or(text:a and(text:b text:c))'],
    ['a NOT b', 'and(text:a not(text:b))'],
    ['-a OR -"b c"', 'or(not(text:a) not(text:b c))'],
    ['(a OR b) c', 'and(or(text:a text:b) text:c)'],
    ['-(a b)', 'not(and(text:a text:b))'],
    ['NOT NOT a', 'not(not(text:a))'],
    ['a - b', 'and(text:a text:- text:b)'],
    ['and or not ANDY', 'and(text:and text:or text:not text:ANDY)'],
    [String.raw`"say \"hi\" \\ \n"`, String.raw`text:say "hi" \ \n`],
    [String.raw`C:\\temp\x \*`, String.raw`and(<C>=\temp\x text:*)`],
    ['pay*ed', 'text~["pay","ed"]'],
    [String.raw`paid\ *\ times`, 'text~["paid "," times"]'],
    ['f(x)', 'and(text:f text:x)'],
  ])('of words: %s', (text, expected) => expect(show(parseLogQuery(text))).toBe(expected))

  test.each([
    ['level:error', 'level=error'],
    ['level:WARNING', 'level=warn'],
    ['level:ERR,warning,Notice', 'level=error|warn|notice'],
    ['level:(error OR fatal)', 'or(level=error level=fatal)'],
    ['level:>=warn', 'level=warn|error|fatal'],
    ['level:""', 'level='],
    ['level:*', 'level?'],
    ['service:api*', 'service~["api",""]'],
    ['-service:"my api*"', 'not(service=my api*)'],
    ['attributes.user.id:42', '<attributes><user><id>=42'],
    ['"status code".x:5', '<status code><x>=5'],
    ['"status":500', '<status>=500'],
    ['status:>=500', '<status>>=500'],
    ['status:[500 TO 599]', 'and(<status>>=500 <status><=599)'],
    ['status:{1 TO *]', '<status>>1'],
    ['temp:-5', '<temp>=-5'],
    ['user:(a OR -"b c")', 'or(<user>=a not(<user>=b c))'],
    ['trace_id:*', 'trace=*'],
    [`trace_id:${'AB'.repeat(16)}`, `trace=${'ab'.repeat(16)}`],
    ['message:time*out', 'message~["time","out"]'],
    ['message:timeout', 'message:timeout'],
    ['x-request-id:*', '<x-request-id>?'],
    ['app.kubernetes.io/name:web', '<app><kubernetes><io/name>=web'],
  ])('of fields: %s', (text, expected) => expect(show(parseLogQuery(text))).toBe(expected))

  test.each([
    ['http://host/a', 'text:http://host/a'],
    ['12:30:00', 'text:12:30:00'],
    ['std::vector', 'text:std::vector'],
    ['/api/v1/logs', 'text:/api/v1/logs'],
    ['path:/api/v1', '<path>=/api/v1'],
    ['/tmp', 'text:/tmp'],
  ])('takes for a word what only looks like more: %s', (text, expected) =>
    expect(show(parseLogQuery(text))).toBe(expected),
  )

  test.each([
    ['/time ?out/', 'text~time ?out~'],
    ['/a\\/b/i x', 'and(text~a\\/b~i text:x)'],
    ['service:/^api-/', 'service~^api-~'],
  ])('of regular expressions: %s', (text, expected) => expect(show(parseLogQuery(text))).toBe(expected))
})

describe('an error', () => {
  test.each([
    ['a "b', 'unclosed_quote', 2],
    ['a (b', 'unclosed_parenthesis', 2],
    ['a) b', 'unexpected_parenthesis', 1],
    ['a OR', 'term_expected', 4],
    ['AND a', 'term_expected', 0],
    ['()', 'term_expected', 1],
    ['user:', 'value_expected', 5],
    ['user: x', 'value_expected', 5],
    ['level:(error service:x)', 'value_expected', 13],
    ['status:>=x', 'number_expected', 9],
    ['status:[1 2]', 'range_expected', 7],
    ['status:[* TO *]', 'range_expected', 7],
    ['level:err*', 'level_expected', 6],
    ['level:>=notice', 'level_expected', 8],
    ['trace_id:abc', 'trace_id_expected', 9],
    ['service:>5', 'not_comparable', 9],
    ['/a(b/', 'regex_invalid', 4],
    ['/(?=a)/', 'regex_unsupported', 1],
    ['x /\\1/', 'regex_unsupported', 3],
    ['/a{9}{9}/', 'regex_invalid', 5],
    ['/(a{99}){99}/', 'regex_too_large', 1],
    ['/a/ '.repeat(4), 'too_many_regexes', 12],
    ['a '.repeat(51), 'too_many_terms', 100],
    ['('.repeat(21), 'query_too_deep', 20],
    ['-'.repeat(21) + 'a', 'query_too_deep', 20],
    ['a'.repeat(2001), 'query_too_long', 2000],
    ['a.b.c.d.e.f.g.h.i.j.k:1', 'field_too_deep', 0],
  ])('names what is wrong and where: %s', (text, reason, position) => {
    let found: unknown
    try {
      parseLogQuery(text)
    } catch (error) {
      found = error
    }
    expect(found).toBeInstanceOf(LogQueryError)
    expect(found).toMatchObject({ reason, position })
    expect((found as LogQueryError).expected).not.toBe('')
  })
})

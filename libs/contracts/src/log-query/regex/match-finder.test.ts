import { expect, test } from '@jest/globals'
import { MatchFinder } from './match-finder.ts'
import { parseRegex } from './parse-regex.ts'

const TEXTS = [
  '',
  'a',
  'ab',
  'aab abc',
  'a b',
  'a\nb',
  'cab',
  '_1',
  'ж',
  'x\u{1f600}y',
  '10.0.0.1',
  'aaaa',
  'abcabc',
]

function find(source: string, text: string, ignoreCase = false) {
  return new MatchFinder(parseRegex(source), ignoreCase).find(text)
}

// Where the first choice is not the longest one, JavaScript takes it nevertheless.
test.each([
  'a',
  '^a',
  'b$',
  'ab|b',
  'a*b',
  '(?:ab)+c?$',
  'a{2,3}',
  '.b',
  '[^a]b',
  '[a-c]{3}',
  '\\d+\\.\\d',
  '\\W',
  '\\w+$',
  'ж',
  '.',
])('%s is found where JavaScript finds it', (source) => {
  const own = new RegExp(source, 'gu')
  for (const text of TEXTS) {
    const expected = [...text.matchAll(own)].map(({ 0: { length }, index }) => [index, index + length])
    expect([text, find(source, text)]).toEqual([text, expected])
  }
})

test('of matches that begin together, the longest one is found', () => {
  expect(find('a|ab|abc', 'xabcab')).toEqual([
    [1, 4],
    [4, 6],
  ])
  expect(find('a|a.*c', 'abac a')).toEqual([
    [0, 4],
    [5, 6],
  ])
})

test('nothing is found that is empty', () => {
  expect(find('x*', 'axxa')).toEqual([[1, 3]])
  expect(find('^$', '')).toEqual([])
})

test('in lower case with i', () => expect(find('TIME ?out', 'a time out', true)).toEqual([[2, 10]]))

test('no more characters are looked at than are wanted, and the end of them is no end of the text', () => {
  const finder = new MatchFinder(parseRegex('a$|b'), false)
  expect(finder.find('aab', 3)).toEqual([[2, 3]])
  expect(finder.find('aab', 2)).toEqual([])
})

test.each(['a|a*c', '^(a|aa|[ab]*)*c$', '(a?){40}c'])('%s takes a bounded time of a long text', (source) => {
  const finder = new MatchFinder(parseRegex(source), false)
  expect(finder.find('a'.repeat(16_000)).length).toBeLessThan(16_000)
})

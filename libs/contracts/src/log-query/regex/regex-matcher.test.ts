import { expect, test } from '@jest/globals'
import { parseRegex } from './parse-regex.ts'
import { RegexMatcher } from './regex-matcher.ts'

const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'abc',
  'a b',
  'a\nb',
  'cab',
  '_1',
  'ж',
  '\u{1f600}',
  '10.0.0.1',
  'aaaa',
]

test.each([
  'a',
  '^a',
  'b$',
  '^$',
  'a|b',
  'a*b',
  '(?:ab)+c?$',
  'a{2,3}b',
  '^a{2}$',
  '^(a|aa){2}$',
  '.b',
  '[^a]b',
  '[a-c]{3}',
  '\\d+\\.\\d',
  '\\W',
  '^\\w+$',
  'a?\\s',
  '[\\d_]',
  '(a*)*b',
  '(|a)b',
  'ж',
  '[а-я]',
  '^.$',
  'a.*?c',
  '{',
  '[a-]',
  'x{0}a',
])('%s matches what JavaScript matches', (source) => {
  const matcher = new RegexMatcher(parseRegex(source), false)
  const own = new RegExp(source.replace(/^\{$/, '\\{'), 'u')
  expect(TEXTS.filter((text) => matcher.test(text))).toEqual(TEXTS.filter((text) => own.test(text)))
})

test('in whatever case, of texts in lower case', () => {
  const matches = (source: string, text: string) => new RegexMatcher(parseRegex(source), true).test(text)
  expect(matches('TIME[A-Z]ut', 'timeout')).toBe(true)
  expect(matches('^[^A]$', 'a')).toBe(false)
  expect(matches('Ж[А-Я]', 'жя')).toBe(true)
})

test('what makes others try every way takes a time that grows with the text alone', () => {
  const matcher = new RegexMatcher(parseRegex('^(a|aa|[ab]*)*c$'), false)
  expect(matcher.test(`${'ab'.repeat(50_000)}d`)).toBe(false)
})

test('states that are too many to be kept are made again', () => {
  const matcher = new RegexMatcher(parseRegex('a[ab]{12}c'), false)
  let seed = 1
  const next = () => (seed = (seed * 48_271) % 2_147_483_647) % 2
  const noise = Array.from({ length: 10_000 }, () => 'ab'[next()]).join('')
  expect(matcher.test(noise)).toBe(false)
  expect(matcher.test(`${noise}a${'b'.repeat(12)}c`)).toBe(true)
})

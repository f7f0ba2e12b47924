import { describe, expect, it } from '@jest/globals'
import { create } from '@bufbuild/protobuf'
import { LabelMatcherSchema, LabelMatcher_Type } from '@runnel/wire/prometheus/types'
import { createMatcher } from './matcher.ts'

const matcher = (type: keyof typeof LabelMatcher_Type, value: string) =>
  createMatcher(create(LabelMatcherSchema, { type: LabelMatcher_Type[type], name: 'a', value }))

describe('a matcher', () => {
  it.each<[keyof typeof LabelMatcher_Type, string, string, boolean]>([
    ['EQ', 'x', 'x', true],
    ['EQ', '', '', true],
    ['EQ', '', 'x', false],
    ['NEQ', 'x', '', true],
    ['NEQ', 'x', 'x', false],
    ['RE', 'a.+b', 'axxb', true],
    ['RE', 'a.+b', 'a\nb', true],
    ['RE', 'x', 'xx', false],
    ['RE', 'x|y', 'y', true],
    ['RE', 'x|y', 'xy', false],
    ['RE', 'x|', '', true],
    ['RE', 'a|b+', 'ab', false],
    ['RE', '(?i:ä)', 'Ä', true],
    ['RE', '\\p{Greek}+', 'αβγ', true],
    ['RE', '', '', true],
    ['RE', 'a\\.b|c\\|d\\\\|\\/e', 'a.b', true],
    ['RE', 'a\\.b|c\\|d\\\\|\\/e', 'c|d\\', true],
    ['RE', 'a\\.b|c\\|d\\\\|\\/e', '/e', true],
    ['RE', 'a\\.b|c', 'axb', false],
    ['RE', 'a\\.b|c', '', false],
    ['RE', 'a\\d|c', 'a1', true],
    ['NRE', 'x.*', 'xa', false],
    ['NRE', 'x.*', '', true],
  ])('%s %j of %j is %s', (type, value, text, expected) => {
    expect(matcher(type, value).matches(text)).toBe(expected)
  })

  it.each(['(', 'a{2000}', '(?=a)', '(a)\\1', `${'a.'.repeat(3000)}`])(
    'refuses the pattern %.20s',
    (pattern) => {
      expect(() => matcher('RE', pattern)).toThrow('The pattern of a matcher')
    },
  )

  it('refuses a value that its pattern would take too long for', () => {
    const { matches } = matcher('RE', '.{0,1000}x')
    expect(matches('a'.repeat(400))).toBe(false)
    expect(() => matches('a'.repeat(100_000))).toThrow('too large for a value of 100000 characters')
    expect(matcher('RE', '.*x').matches(`${'a'.repeat(100_000)}x`)).toBe(true)
  })

  it('takes a list of texts of any length', () => {
    const list = Array.from({ length: 5000 }, (_, i) => `host-${i}\\.example`).join('|')
    expect(matcher('RE', list).matches('host-4999.example')).toBe(true)
  })
})

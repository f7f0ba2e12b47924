import { expect, test } from '@jest/globals'
import { familyParams, pairProblem, parsePair, readFamily } from './family-params.ts'

test('parameters of a family are found by their prefix', () => {
  const params = new URLSearchParams('attr.user=7&attr.a.b=x&attr.=y&attribute=z&q=attr.w')
  expect(readFamily(params, 'attr')).toEqual([
    ['user', '7'],
    ['a.b', 'x'],
  ])
  expect(familyParams(params, 'attr')).toEqual({ 'attr.user': '7', 'attr.a.b': 'x' })
})

test('a typed pair ends its name at the first equals sign', () => {
  expect(parsePair(' path = /a?b=c ')).toEqual(['path', '/a?b=c'])
})

test.each(['', 'user', 'user=', '=7', ' =7'])('%p is no pair', (text) => {
  expect(parsePair(text)).toBeUndefined()
})

test.each([
  ['user', 'Write a name, = and a value'],
  ['', 'Write a name, = and a value'],
  ['user=', 'The value after = is missing'],
  [' =7', 'The name before = is missing'],
])('%p gets what is wrong with it', (text, problem) => {
  expect(pairProblem(text)).toContain(problem)
})

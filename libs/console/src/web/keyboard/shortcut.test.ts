import { expect, test } from '@jest/globals'
import { groupShortcuts, isCharacters, matchKey, type Shortcut } from './shortcut.ts'

const shortcut = (keys: string, label = keys, group: Shortcut['group'] = 'Go to'): Shortcut => ({
  ...{ keys, label, group },
  run: () => {},
})

const ALL = [shortcut('g l'), shortcut('g m'), shortcut('j', 'of the list'), shortcut('j', 'of the panel')]

test('a sequence waits for its second key', () => {
  expect(matchKey('g', undefined, ALL)).toEqual({ pending: 'g' })
  expect(matchKey('m', 'g', ALL).shortcut?.keys).toBe('g m')
})

test('a key that does not go on with a sequence counts by itself', () => {
  expect(matchKey('j', 'g', ALL).shortcut?.keys).toBe('j')
  expect(matchKey('g', 'g', ALL)).toEqual({ pending: 'g' })
  expect(matchKey('x', 'g', ALL)).toEqual({})
})

test('of two with the same keys, what was opened last has them', () => {
  expect(matchKey('j', undefined, ALL).shortcut?.label).toBe('of the panel')
})

test('the list has each pair of keys once, as it is in force, by groups', () => {
  const all = [...ALL, shortcut('/', 'search', 'On this page')]
  expect(groupShortcuts(all).map(([group, of]) => [group, of.map(({ label }) => label)])).toEqual([
    ['On this page', ['search']],
    ['Go to', ['g l', 'g m', 'of the panel']],
  ])
})

test.each([
  ['g l', true],
  ['?', true],
  ['ArrowUp', false],
])('%s is typed text: %s', (keys, is) => expect(isCharacters({ keys })).toBe(is))

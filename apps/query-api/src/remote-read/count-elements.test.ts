import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { countElements } from './count-elements.ts'

it.each([
  ['abc', 3],
  ['a{100}', 100],
  ['a{2,5}b', 10],
  ['(ab){10}', 40],
  ['((a{10}){10}){10}', 1220],
  ['[a-z]{3}', 3],
  ['[]{9}]', 1],
  ['\\x{1000}', 1],
  ['\\{1000}', 6],
  ['\\Qa{1000}\\E', 11],
  ['\\p{Greek}', 11],
  ['[\\p{L}\\p{N}]', 21],
  ['a)b{3}', 6],
  ['((a', 1],
])('%s has %d elements', (pattern, elements) => {
  expect(countElements(pattern)).toBe(elements)
})

it('a program has no more than about twice as many instructions', () => {
  const part = fc.constantFrom(
    ...[
      'a',
      '.',
      '[a-z]',
      '[^]]',
      '\\d',
      '\\.',
      '\\pL',
      '\\Q(a)\\E',
      '(',
      '(?:',
      '(?i:',
      ')',
      '|',
      '[[:alpha:]]',
    ],
    ...['*', '+', '?', '{3}', '{2,}', '{0,7}', '{5,9}', '^', '$', '\\b'],
  )
  let compiled = 0
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const pattern = parts.join('')
      let size
      try {
        size = RE2JS.compile(pattern, RE2JS.DOTALL).programSize()
      } catch {
        return
      }
      compiled++
      expect(size).toBeLessThanOrEqual(2 * countElements(pattern) + 4)
    }),
    { numRuns: 5000, seed: 1 },
  )
  expect(compiled).toBeGreaterThan(500)
})

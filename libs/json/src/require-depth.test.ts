import { expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import fc from 'fast-check'
import { checkJson } from './check-json.ts'
import { readJson } from './parse-json.ts'
import { requireDepth } from './require-depth.ts'

function codeOf(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

const wrap = (inner: string, wrappers: readonly boolean[]) =>
  wrappers.reduce((text, isArray) => (isArray ? `[0,${text}]` : `{"a":1,"b":${text}}`), inner)

it('nesting ends at the same depth as for every event, whatever is within each other', () => {
  const inner = fc.constantFrom('1', '"x"', 'null', '[]', '{}', '9007199254740993', '[1.50]')
  const wrappers = fc.array(fc.boolean(), { minLength: 60, maxLength: 68 })
  fc.assert(
    fc.property(inner, wrappers, (text, levels) => {
      const value = readJson(wrap(text, levels))
      expect(codeOf(() => requireDepth(value))).toBe(codeOf(() => checkJson(value)))
    }),
    { numRuns: 500 },
  )
})

it('nesting that would exhaust the stack is refused', () => {
  for (const text of [
    '['.repeat(200_000) + ']'.repeat(200_000),
    '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000),
  ])
    expect(codeOf(() => requireDepth(readJson(text)))).toBe('too_deep')
})

import { describe, expect, it } from '@jest/globals'
import type { JsonObject } from './json-value.ts'
import { mergePatch } from './merge-patch.ts'

describe('a merge patch', () => {
  // Appendix A of RFC 7396, as far as both sides are objects.
  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{ a: { b: { c: 1, d: 2 }, e: 3 } }, { a: { b: { c: 4 } } }, { a: { b: { c: 4, d: 2 }, e: 3 } }],
    [{ a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
    [{ a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
  ])('makes of %j by %j: %j', (target, patch, merged) => {
    expect(mergePatch(target, patch)).toEqual(merged)
  })

  it('takes a number with its digits for a value', () => {
    const exact = JSON.rawJSON('12345678901234567890')
    const merged = mergePatch({ a: { b: exact, c: 1 } }, { a: { c: exact } })
    expect(JSON.stringify(merged)).toBe('{"a":{"b":12345678901234567890,"c":12345678901234567890}}')
  })

  it('keeps members with every name', () => {
    const merged = mergePatch(JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"b":2}}'))
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1,"b":2}}')
  })
})

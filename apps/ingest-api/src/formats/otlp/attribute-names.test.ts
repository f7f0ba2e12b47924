import { describe, expect, it } from '@jest/globals'
import { AttributeNames } from './attribute-names.ts'

const of = (...names: string[]) =>
  names.reduce((sequence, name) => sequence.with(name), AttributeNames.none(new Set(['host.name'])))

describe('the names of attributes', () => {
  it('are ordinary where each is there once, and is not taken', () => {
    expect(of('a', 'b', 'c').areOrdinary).toBe(true)
    for (const names of [['a', 'b', 'a'], ['host.name', 'a'], ['a', '7'], ['nul\0']])
      expect(of(...names).areOrdinary).toBe(false)
  })

  it('are not ordinary any more once one was not', () => {
    expect(of('host.name', 'a', 'b').areOrdinary).toBe(false)
  })

  it('are written once for all records that have them in this order', () => {
    const none = AttributeNames.none(new Set())
    expect(none.with('a').with('b"c').member).toBe(',"b\\"c":')
    expect(none.with('a').with('b')).toBe(none.with('a').with('b'))
    expect(none.with('b')).not.toBe(none.with('a'))
  })

  it('are not kept beyond their limit', () => {
    const none = AttributeNames.none(new Set())
    for (let i = 0; i < 500; i++) expect(none.with(`a${i}`).areOrdinary).toBe(true)
    expect([none.with('more').areOrdinary, none.with('a7').areOrdinary]).toEqual([false, true])
  })
})

import { describe, expect, it } from '@jest/globals'
import { splitRows } from './split-rows.ts'

const split = (text: string, parts: number) => splitRows(Buffer.from(text), parts).map(String)

describe('splitRows', () => {
  it('cuts after rows', () => {
    expect(split('1\taaaa\n2\tbbbb\n3\tcccc\n', 2)).toEqual(['1\taaaa\n2\tbbbb\n', '3\tcccc\n'])
  })

  it('loses nothing, whatever the number of parts', () => {
    const text = Array.from({ length: 57 }, (_, i) => `${'x'.repeat(i % 7)}${i}\n`).join('')
    for (const parts of [1, 2, 3, 8]) expect(split(text, parts).join('')).toBe(text)
  })

  it('leaves parts empty where there are too few rows', () => {
    expect(split('1\n', 3)).toEqual(['1\n', '', ''])
  })
})

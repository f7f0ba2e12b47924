import { describe, expect, it } from '@jest/globals'
import { toCopyText } from './copy-text.ts'

describe('toCopyText', () => {
  it('writes a line for each row, tabs between values and \\N for null', () => {
    const columns = { id: 'uuid', value: 'double precision', unit: 'text' }
    const records = [
      { id: 'a', value: 5e-324, unit: null },
      { id: 'b', value: -1.5, unit: '' },
    ]
    expect(toCopyText(columns, records)).toBe('a\t5e-324\t\\N\nb\t-1.5\t\n')
  })

  it('escapes what would end a value or a line', () => {
    expect(toCopyText({ text: 'text' }, [{ text: 'a\tb\nc\rd\\e\\.' }])).toBe('a\\tb\\nc\\rd\\\\e\\\\.\n')
  })

  it('writes JSON with its own escapes escaped once more', () => {
    expect(toCopyText({ data: 'jsonb' }, [{ data: { a: 'x\n"\\' } }])).toBe('{"a":"x\\\\n\\\\"\\\\\\\\"}\n')
  })

  it('tells a null of JSON inside of a value from a missing value', () => {
    expect(toCopyText({ data: 'jsonb' }, [{ data: [null] }, { data: null }])).toBe('[null]\n\\N\n')
  })
})

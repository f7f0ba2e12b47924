import { describe, expect, it } from '@jest/globals'
import { inSlices } from '@runnel/runtime'
import { toCopyText as copyText, type Columns } from './to-copy-text.ts'

const toPieces = <R extends object>(columns: Columns<R>, records: readonly R[]) =>
  inSlices(
    copyText(columns, records, (record) => record),
    Infinity,
  ) as Buffer[]

const toCopyText = <R extends object>(columns: Columns<R>, records: readonly R[]) =>
  String(Buffer.concat(toPieces(columns, records)))

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

  it('cuts many rows into pieces, and loses nothing of them', () => {
    const records = Array.from({ length: 5000 }, (_, n) => ({ n, text: 'ü'.repeat(n % 99) }))
    const pieces = toPieces({ n: 'bigint', text: 'text' }, records)
    expect(pieces.length).toBeGreaterThan(1)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(256 * 1024)
    expect(String(Buffer.concat(pieces))).toBe(records.map(({ n, text }) => `${n}\t${text}\n`).join(''))
  })

  it('distinguishes a null of JSON inside of a value from a missing value', () => {
    expect(toCopyText({ data: 'jsonb' }, [{ data: [null] }, { data: null }])).toBe('[null]\n\\N\n')
  })
})

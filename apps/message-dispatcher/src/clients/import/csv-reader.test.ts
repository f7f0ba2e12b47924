import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createCsvReader, type CsvEntry } from './csv-reader.ts'
import { createLineReader } from './line-reader.ts'

const BOM = '\ufeff'

/** Everything that a file holds, read in pieces of bytes, as the import does. */
function read(bytes: Uint8Array, pieces: number, maxBytes = 10_000): CsvEntry[] {
  const lines = createLineReader(maxBytes)
  const records = createCsvReader(maxBytes)
  const decoder = new TextDecoder()
  const entries: CsvEntry[] = []
  const push = (text: string) => {
    for (const line of lines.push(text)) entries.push(...records.push(line))
  }
  for (let at = 0; at < bytes.length; at += pieces) {
    push(decoder.decode(bytes.subarray(at, at + pieces), { stream: true }))
  }
  push(decoder.decode())
  for (const line of lines.end()) entries.push(...records.push(line))
  return [...entries, ...records.end()]
}

/** Entries without their text. */
const readText = (text: string, pieces = 7, maxBytes?: number) =>
  read(Buffer.from(text), pieces, maxBytes).map(({ text: _, ...entry }) => entry)

const field = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r', ' ', 'a', 'ж'), maxLength: 8 }),
)

const file = fc.record({
  separator: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  bom: fc.boolean(),
  last: fc.boolean(),
  quoteAll: fc.boolean(),
  columns: fc.integer({ min: 2, max: 5 }),
  rows: fc.array(fc.array(field, { minLength: 5, maxLength: 5 }), { maxLength: 8 }),
  pieces: fc.integer({ min: 1, max: 50 }),
})

describe('a file of CSV', () => {
  it('is read as it was written: quotes, newlines, separators, byte order mark, in whatever pieces', () => {
    fc.assert(
      fc.property(file, ({ separator, newline, bom, last, quoteAll, columns, rows, pieces }) => {
        const records = [
          Array.from({ length: columns }, (_, i) => `c${i}`),
          ...rows.map((row) => row.slice(0, columns)),
        ]
        const quote = (text: string) =>
          quoteAll || /["\n\r,;\t|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
        const text = records.map((record) => record.map(quote).join(separator)).join(newline)
        const written = Buffer.from((bom ? BOM : '') + text + (last ? newline : ''))
        expect(read(written, pieces).map((entry) => ('fields' in entry ? entry.fields : entry))).toEqual(
          records,
        )
      }),
      { numRuns: 3000, seed: 20_261_120 },
    )
  })

  it('of any kind costs no line but the broken ones', () => {
    const noise = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '""', '\n"'), maxLength: 40 })
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 9 }), (text, pieces) => {
        const good = ['79160000001,vip', '79160000002,vip']
        // No quote is open where the good lines begin: the noise before them has an even number in each line.
        const lines = text
          .split('\n')
          .map((line) => ((line.match(/"/g) ?? []).length % 2 ? `${line}"` : line))
        const entries = readText(['phone,tag', ...lines, ...good].join('\n'), pieces)
        expect(entries.slice(-2).map((entry) => 'fields' in entry && entry.fields.join(','))).toEqual(good)
      }),
      { numRuns: 3000, seed: 20_261_120 },
    )
  })

  it('with a quote that is never closed loses that line alone', () => {
    expect(readText('phone,tag\n1,a\n2,"b\n3,c\n4,d"x\n5,"e" x\n6,f\n')).toEqual([
      { line: 1, fields: ['phone', 'tag'] },
      { line: 2, fields: ['1', 'a'] },
      { line: 3, problem: expect.stringMatching('after a closing quote') },
      { line: 4, fields: ['3', 'c'] },
      { line: 5, fields: ['4', 'd"x'] },
      { line: 6, problem: expect.stringMatching('after a closing quote') },
      { line: 7, fields: ['6', 'f'] },
    ])
    const many = `phone,tag\n2,"b\n${'3,c\n'.repeat(300)}`
    const entries = readText(many)
    expect(entries.filter((entry) => 'problem' in entry)).toEqual([
      { line: 2, problem: expect.stringMatching('within 100 lines') },
    ])
    expect(entries.filter((entry) => 'fields' in entry)).toHaveLength(301)
  })

  it('with a line that is too long loses that line alone, and remembers nothing of it', () => {
    const text = ['a,b', 'x'.repeat(5000), '1,2', '"yyyy', ...Array(29).fill('yyyy'), '",3', '4,5'].join('\n')
    expect(readText(text, 13, 100)).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, problem: 'is too long' },
      { line: 3, fields: ['1', '2'] },
      { line: 4, problem: 'is too long' },
      ...Array.from({ length: 29 }, (_, i) => ({ line: 5 + i, fields: ['yyyy'] })),
      { line: 34, problem: expect.stringMatching('never closed') },
      { line: 35, fields: ['4', '5'] },
    ])
  })

  it('keeps the text of each record, also where it goes over several lines', () => {
    const entries = read(Buffer.from('phone,tag\r\n1,"a\r\nb"\r\n"2,x\n3,y\n'), 5)
    expect(entries.map(({ text }) => text)).toEqual(['phone,tag', '1,"a\r\nb"', '"2,x', '3,y'])
  })

  it.each([
    [
      'sep=;\n"a,b,c";d\n1;2',
      [
        ['a,b,c', 'd'],
        ['1', '2'],
      ],
    ],
    [
      '"sep=|"\r\na,b|c\r\n1|2',
      [
        ['a,b', 'c'],
        ['1', '2'],
      ],
    ],
    [
      '"a,b,c";"d"\n1;2',
      [
        ['a,b,c', 'd'],
        ['1', '2'],
      ],
    ],
    [
      'a\tb;c\td\n1\t2;\t3',
      [
        ['a', 'b;c', 'd'],
        ['1', '2;', '3'],
      ],
    ],
    ['separator\n1', [['separator'], ['1']]],
  ])('has the separator that its first line names or its header shows: %j', (text, records) => {
    expect(readText(text).map((entry) => 'fields' in entry && entry.fields)).toEqual(records)
  })
})

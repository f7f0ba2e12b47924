import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { csvCell, readCsvCell } from './csv-cell.ts'

test.each([
  ['plain', 'plain'],
  [null, ''],
  ['', ''],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['a=1', 'a=1'],
  ['x;=HYPERLINK(0)', '"x;\'=HYPERLINK(0)"'],
  ['x; =1;@y', '"x; \'=1;\'@y"'],
  ['a\t=1', "a\t'=1"],
  ['a\n=1', '"a\n\'=1"'],
  [';=1', '";\'=1"'],
  ['  =1', "'  =1"],
  ['\n=1', '"\'\n=1"'],
  ['\u00a0=1', "'\u00a0=1"],
  ['\ufeff=1', "'\ufeff=1"],
  ['＝1+1', "'＝1+1"],
  ['＠SUM(A1)', "'＠SUM(A1)"],
  ['a;b', '"a;b"'],
  [' a', ' a'],
  ["'s-Hertogenbosch", "'s-Hertogenbosch"],
  ["'=1", "''=1"],
  ["x;'=1", '"x;\'\'=1"'],
])('the text %j becomes the cell %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell)
})

const piece = fc.constantFrom(
  ...[
    '=',
    '+',
    '-',
    '@',
    '＝',
    '－',
    '₌',
    ' ',
    '\t',
    '\r',
    '\n',
    ';',
    ',',
    '"',
    "'",
    '\u00a0',
    '\u200b',
    'a',
    '1',
  ],
)
const unquote = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
const withoutMarks = (text: string) => text.replaceAll("'", '')

test('no part of a cell begins like a formula, and nothing but marks is added', () => {
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        const cell = unquote(csvCell(text))
        expect(withoutMarks(cell)).toBe(withoutMarks(text))
        // What a mark stands before is text, blanks and separators included.
        const parts = cell.startsWith("'")
          ? cell
              .slice(1)
              .trimStart()
              .split(/[;\t\r\n]/)
              .slice(1)
          : cell.split(/[;\t\r\n]/)
        for (const part of parts)
          expect(
            part
              .replace(/^[\s\p{Z}\p{C}]+/u, '')
              .slice(0, 1)
              .normalize('NFKC'),
          ).not.toMatch(/^[=+\-@]/)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a cell is read as the text that was written', () => {
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => expect(readCsvCell(unquote(csvCell(text)))).toBe(text),
    ),
    { numRuns: 5000 },
  )
})

test('a long text costs time in proportion to its length', () => {
  expect(csvCell(`${';'.repeat(200_000)}x`)).toHaveLength(200_003)
  expect(csvCell(`${'\t '.repeat(100_000)}x`)).toHaveLength(200_002)
  expect(csvCell("'".repeat(200_000))).toHaveLength(200_000)
  expect(readCsvCell(`;${"'".repeat(200_000)}`)).toHaveLength(200_001)
})

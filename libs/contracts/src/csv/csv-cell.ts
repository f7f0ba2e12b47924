/** What begins a formula, with the wide, small, raised and lowered forms that spreadsheets take for the same. */
const SIGNS = '=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋﬩−'
/** Blanks and signs that are not shown: some programs drop them before they look for a formula. */
const BLANKS = '[\\s\\p{Z}\\p{C}]'
/** Marks count as part of what they stand before, so that a text with a mark of its own keeps it when it is read back. */
const FORMULA = new RegExp(`^'*(?:[\\t\\r\\n]|${BLANKS}+'*[${SIGNS}]|[${SIGNS}])`, 'u')
/**
 * Inside a cell: a program that splits at semicolons or tabs, as in many languages, takes no notice of quotes in the middle of
 * what it sees as a cell, and begins another one here.
 */
const GAP = `[;\\t\\r\\n](?:(?![\\t\\r\\n])${BLANKS})*`
const INNER_FORMULA = new RegExp(`${GAP}(?='*[${SIGNS}])`, 'gu')
const MARKED_INNER_FORMULA = new RegExp(`(${GAP})'(?='*[${SIGNS}])`, 'gu')
const SEPARATOR = /[;\t\r\n]/
const SPECIAL = /[",;\r\n]/

/**
 * A text as a cell of CSV (RFC 4180). What a spreadsheet would run as a formula gets a `'` before it: any client
 * may have sent it, and the reader of the file has more rights.
 */
export function csvCell(text: string | null): string {
  if (text === null) return ''
  const inner = SEPARATOR.test(text)
    ? text.replace(INNER_FORMULA, (gap: string, at: number) =>
        // At the beginning, blanks get their mark before them.
        at === 0 && gap[0] !== ';' ? gap : `${gap}'`,
      )
    : text
  const safe = FORMULA.test(inner) ? `'${inner}` : inner
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * The text of a cell that {@link csvCell} wrote, after its quotes are gone: without the marks that it set. Marks that a text
 * had before it was written stay.
 */
export function readCsvCell(cell: string): string {
  const text = cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell
  if (!SEPARATOR.test(text)) return text
  return text.replace(MARKED_INNER_FORMULA, (marked: string, gap: string, at: number) =>
    at === 0 && gap[0] !== ';' ? marked : gap,
  )
}

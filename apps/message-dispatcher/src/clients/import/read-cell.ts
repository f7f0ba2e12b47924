import { readCsvCell } from '@runnel/contracts'

/** `="79161234567"`: how some programs keep spreadsheets from reading a text as a number. */
const TEXT_FORMULA = /^="([^"]*)"$/

/** A cell without blanks around its text, and without what exports put before texts that look like formulas. */
export function readCell(cell: string): string {
  const text = cell.trim()
  if (text.startsWith('=')) return (TEXT_FORMULA.exec(text)?.[1] ?? text).trim()
  return text.includes("'") ? readCsvCell(text) : text
}

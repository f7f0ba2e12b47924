/** For a row: one line, without control characters and halves of surrogate pairs, which PostgreSQL refuses. */
export function oneLine(text: string, maxLength = 300): string {
  return text
    .replace(/[\x00-\x20\x7f]+/g, ' ')
    .trim()
    .slice(0, maxLength)
    .toWellFormed()
}

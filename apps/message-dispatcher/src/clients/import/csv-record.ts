import type { Line } from './line-reader.ts'

/** A CSV record that is read line by line, because a quoted field may contain newlines. */
export interface CsvRecord {
  readonly fields: string[]
  /** @returns `more`: a quote is still open; `bad`: there is text after a closing quote */
  read(text: string, end: Line['end']): 'done' | 'more' | 'bad'
}

/** Quotes are doubled inside quoted fields; elsewhere they are ordinary characters. */
export function createCsvRecord(separator: string): CsvRecord {
  const fields: string[] = []
  let quoted: string | undefined
  /** What ended the line before, which belongs to a field that is still open. */
  let lineEnd = ''

  /** @returns where the quoted field ends, or -1 where it continues in the next line */
  const readQuoted = (line: string, from: number): number => {
    for (let start = from; ;) {
      const quote = line.indexOf('"', start)
      if (quote < 0) {
        quoted += line.slice(start)
        return -1
      }
      quoted += line.slice(start, quote)
      if (line[quote + 1] !== '"') return quote + 1
      quoted += '"'
      start = quote + 2
    }
  }

  const read: CsvRecord['read'] = (line, nextEnd) => {
    let at = 0
    if (quoted !== undefined) quoted += lineEnd
    lineEnd = nextEnd
    for (;;) {
      if (quoted === undefined && line[at] === '"') {
        quoted = ''
        at++
      }
      if (quoted === undefined) {
        const next = line.indexOf(separator, at)
        const fieldEnd = next < 0 ? line.length : next
        fields.push(line.slice(at, fieldEnd))
        at = fieldEnd
      } else {
        at = readQuoted(line, at)
        if (at < 0) return 'more'
        fields.push(quoted)
        quoted = undefined
      }
      if (at >= line.length) return 'done'
      if (line[at] !== separator) return 'bad'
      at++
    }
  }
  return { fields, read }
}

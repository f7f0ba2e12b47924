/** A line of a file, numbered from 1. Its text is undefined where it is too long. */
export interface Line {
  readonly number: number
  /** Without what ends it. */
  readonly text: string | undefined
  /** What ended it: nothing at the end of a file. A quoted field goes on after it. */
  readonly end: LineEnd
}

type LineEnd = '\n' | '\r\n' | '\r' | ''

export interface LineReader {
  push(text: string): Line[]
  /** The text after the last line end, if any. */
  end(): Line[]
}

/** @returns whether the UTF-8 form of a text has more bytes than this */
function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes)
}

/**
 * Splits text that arrives in pieces into lines, whichever system ended them: LF, CRLF, or CR alone. Never keeps more than
 * one line and one piece: of a line that is too long, only the number is kept.
 */
export function createLineReader(maxBytes: number): LineReader {
  let rest = ''
  let number = 0
  let tooLong = false
  /** A carriage return at the end of a piece: whether a newline belongs to it shows the next one. */
  let held = ''
  const take = (text: string, end: LineEnd): Line => {
    const whole = rest + text
    const line = { number: ++number, text: tooLong || isLonger(whole, maxBytes) ? undefined : whole, end }
    rest = ''
    tooLong = false
    return line
  }
  return {
    push(piece) {
      let text = held + piece
      held = text.endsWith('\r') ? '\r' : ''
      if (held !== '') text = text.slice(0, -1)
      const lines: Line[] = []
      let start = 0
      let newline = text.indexOf('\n')
      let carriage = text.indexOf('\r')
      while (newline >= 0 || carriage >= 0) {
        const isNewline = carriage < 0 || (newline >= 0 && newline < carriage)
        const at = isNewline ? newline : carriage
        const end = isNewline ? '\n' : newline === at + 1 ? '\r\n' : '\r'
        lines.push(take(text.slice(start, at), end))
        start = at + end.length
        if (newline >= 0 && newline < start) newline = text.indexOf('\n', start)
        if (carriage >= 0 && carriage < start) carriage = text.indexOf('\r', start)
      }
      rest += text.slice(start)
      if (rest.length > maxBytes) {
        tooLong = true
        rest = ''
      }
      return lines
    },
    end: () => (held === '' ? (rest === '' && !tooLong ? [] : [take('', '')]) : [take('', '\r')]),
  }
}

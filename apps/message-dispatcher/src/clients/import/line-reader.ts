/** A line of a file, numbered from 1. Its text is undefined where it is too long. */
export interface Line {
  readonly number: number
  /** Without the newline; the caller handles a carriage return. */
  readonly text: string | undefined
}

export interface LineReader {
  push(text: string): Line[]
  /** The text after the last newline, if any. */
  end(): Line[]
}

/** @returns whether the UTF-8 form of a text has more bytes than this */
function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes)
}

/**
 * Splits text that arrives in pieces into lines. Never keeps more than one line and one piece: of a line that is too long,
 * only the number is kept.
 */
export function createLineReader(maxBytes: number): LineReader {
  let rest = ''
  let number = 0
  let tooLong = false
  const take = (text: string): Line => {
    const whole = rest + text
    const line = { number: ++number, text: tooLong || isLonger(whole, maxBytes) ? undefined : whole }
    rest = ''
    tooLong = false
    return line
  }
  return {
    push(text) {
      const lines: Line[] = []
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        lines.push(take(text.slice(start, end)))
        start = end + 1
      }
      rest += text.slice(start)
      if (rest.length > maxBytes) {
        tooLong = true
        rest = ''
      }
      return lines
    },
    end: () => (rest === '' && !tooLong ? [] : [take('')]),
  }
}

/** A line of a file, numbered from 1. Without text where it is longer than lines may be. */
export interface Line {
  readonly number: number
  /** Without the newline; a carriage return is left to whoever knows what it means. */
  readonly text: string | undefined
}

export interface LineReader {
  push(text: string): Line[]
  /** What stands behind the last newline. */
  end(): Line[]
}

/** @returns whether a text has more bytes of UTF-8 than that */
export function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes)
}

/**
 * Cuts text that comes in pieces into lines. Never keeps more than one line and one piece: of one that is too long, only
 * the number is known.
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

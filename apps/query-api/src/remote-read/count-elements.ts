/** What a pattern of RE2 consists of: quoted text, an escape, a class, a repetition, or one character. */
const TOKEN =
  /\\Q[^]*?(?:\\E|$)|\\[pPx]\{[^}]*\}|\\[^]?|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]?|\{\d+(?:,\d*)?\}|[^]/gu

/** A class of Unicode is a list of hundreds of ranges, made for each time that it is written. */
const UNICODE_CLASS = /\\[pP]/g
const UNICODE_CLASS_ELEMENTS = 10

/**
 * How large a pattern is once its repetitions are written out, without compiling it: a few hundred characters make a program of a
 * million instructions. About the number of instructions; for classes of Unicode more, in proportion to what they cost.
 *
 * @param pattern valid or not
 */
export function countElements(pattern: string): number {
  const outside: number[] = []
  let [elements, last] = [0, 0]
  for (const [token] of pattern.matchAll(TOKEN)) {
    if (token === '(') {
      outside.push(elements)
      ;[elements, last] = [0, 0]
    } else if (token === ')') {
      last = elements + 2
      elements = (outside.pop() ?? 0) + last
    } else if (/^(?:[*+?|]|\{\d)/.test(token)) {
      const more = growthOf(token, last)
      elements += more
      last += more
    } else {
      last = sizeOf(token)
      elements += last
    }
  }
  return outside.reduce((sum, size) => sum + size, elements)
}

/** What an operator adds to what stands before it: each repetition that may be absent is a choice, and so is what has no end. */
function growthOf(token: string, last: number): number {
  const counts = /^\{(\d+)(?:,(\d*))?\}$/.exec(token)
  if (!counts) return 1
  const least = Number(counts[1])
  const most = Math.max(least, Number(counts[2] ?? 0), 1)
  return (most - 1) * last + (counts[2] === undefined ? 0 : most - least + 1)
}

function sizeOf(token: string): number {
  if (token.startsWith('\\Q')) return token.length
  return 1 + UNICODE_CLASS_ELEMENTS * (token.match(UNICODE_CLASS)?.length ?? 0)
}

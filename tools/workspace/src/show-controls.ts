/**
 * Signs that a terminal obeys or that reorder what a person reads: C0 (all but tab and line feed), DEL, C1, and the
 * directions of Unicode (UAX 9).
 */
export const CONTROL_SIGNS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const ESCAPED =
  /\\(?:u00(?:0[0-8b-f]|1[0-9a-f]|7f|[89][0-9a-f])|u20(?:0[ef]|2[a-e])|u206[6-9]|[rbf]|[\\"/nt]|u)/gi
const COLOUR = /^\x1b\[[\d;]*m/

/**
 * A line of output whose control characters can be seen and do nothing: logs hold what strangers sent. In JSON their
 * escapes are escaped once more, so that a reader that decodes the line gets the escape. Other lines keep their colours.
 */
export function showControls(line: string): string {
  const isJson = line.startsWith('{')
  const seen = isJson
    ? line.replace(ESCAPED, (escape) => (isHarmless(escape) ? escape : `\\${escape}`))
    : line
  return seen.replace(CONTROL_SIGNS, (sign, at: number) => {
    if (!isJson && COLOUR.test(line.slice(at))) return sign
    return `${isJson ? '\\\\' : '\\'}u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** `\\`, `\"`, `\/`, `\n`, `\t`, and the `\u` of any other sign. */
function isHarmless(escape: string): boolean {
  return /^\\(?:[\\"/nt]|u)$/.test(escape)
}

/** Characters of a message that are looked at. */
const MAX_CHARACTERS = 4096

/** A line of logfmt begins with a pair, and has a level: other texts with an equals sign are sentences. */
const LOGFMT = /^[\w.@-]+=.*?(?<![^ ])(?:level|lvl|severity)=|^(?:level|lvl|severity)=/s

const PAIR = /([\w.@-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?:\s+|$)/gy

/**
 * The pairs of a message that is a line of logfmt (`level=info msg="disk full"`).
 *
 * @returns undefined where it is none
 */
export function readLogfmt(message: string): ReadonlyMap<string, string> | undefined {
  const text = message.slice(0, MAX_CHARACTERS)
  if (!LOGFMT.test(text)) return undefined
  const pairs = new Map<string, string>()
  for (const [, name = '', quoted, plain = ''] of text.matchAll(PAIR)) {
    if (!pairs.has(name)) pairs.set(name, quoted === undefined ? plain : unescape(quoted))
  }
  return pairs
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/gs, (_, one: string) => ESCAPES[one] ?? one) : text
}

import type { JsonObject } from '@runnel/contracts'
import { setMember } from '@runnel/json'

const NAME = '[\\p{L}_][\\p{L}\\p{N}_.:/-]*'

/** One label with its value as it is written, and what must stand behind it. */
const ESCAPED = new RegExp(
  `\\s*(${NAME})\\s*=\\s*"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"\\s*(?:,|(?=\\}\\s*$))`,
  'suy',
)
/** A quote ends a value where another label begins behind it, or the set ends. */
const PLAIN = new RegExp(
  `\\s*(${NAME})\\s*=\\s*"(.*?)"\\s*(?:,\\s*(?=${NAME}\\s*=\\s*")|(?=\\}\\s*$))`,
  'suy',
)

const END = /\s*\}\s*$/y

const ESCAPE = /\\(?:([abfnrtv\\"])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|)/g

const ESCAPED_CHARACTERS: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '\\': '\\', '"': '"' },
}

/** With a single backslash behind the drive: escaped, there would be two. */
const WINDOWS_PATH = /^[a-z]:\\(?!\\)/i

/**
 * A set of labels as text: `{job="shop", level="info"}`. Values are escaped as in Go, but not those of every client (winston-loki): a
 * set of which one value cannot be meant as escaped is read as it stands.
 *
 * @returns the labels; one of the name `labels`, with the whole text, where it is no such set
 */
export function parseLabels(text: string): JsonObject {
  return parseSet(text, ESCAPED, unescape) ?? parseSet(text, PLAIN, (value) => value) ?? { labels: text }
}

/** @param read of a value as it is written; undefined where it cannot be meant so */
function parseSet(
  text: string,
  pair: RegExp,
  read: (value: string) => string | undefined,
): JsonObject | undefined {
  const labels: JsonObject = {}
  let at = text.search(/\S/)
  if (text[at] !== '{') return undefined
  at++
  for (;;) {
    END.lastIndex = at
    if (END.test(text)) return labels
    pair.lastIndex = at
    const [, name, written] = pair.exec(text) ?? []
    const value = written === undefined ? undefined : read(written)
    if (name === undefined || value === undefined) return undefined
    setMember(labels, name, value)
    at = pair.lastIndex
  }
}

function unescape(value: string): string | undefined {
  if (!value.includes('\\')) return value
  if (WINDOWS_PATH.test(value)) return undefined
  let isValid = true
  const text = value.replace(ESCAPE, (all, character?: string, ...codes: (string | undefined)[]) => {
    if (character !== undefined) return ESCAPED_CHARACTERS[character] ?? all
    const [hex, short, long, octal] = codes
    const code = octal === undefined ? parseInt(hex ?? short ?? long ?? '', 16) : parseInt(octal, 8)
    if (code <= 0x10ffff) return String.fromCodePoint(code)
    isValid = false
    return all
  })
  return isValid ? text : undefined
}

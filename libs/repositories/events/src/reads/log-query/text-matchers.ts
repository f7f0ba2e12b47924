import {
  RegexMatcher,
  parseRegex,
  type RegexTest,
  type TextTest,
  type ValueTest,
} from '@runnel/contracts/log-query'
import { FoldedText, isAscii } from '../folded-text.ts'

/** Something within a text. */
export function createTextMatcher(test: TextTest): (text: FoldedText) => boolean {
  if (test.test === 'regex') return createRegexTest(test)
  const parts = test.test === 'contains' ? [test.text] : test.parts
  const form = parts.every(isAscii) ? 'ascii' : 'full'
  const folded = parts.map((part) => new FoldedText(part)[form])
  return (text) => follow(text[form], folded, 0) !== undefined
}

/** The whole of a text, but for a regular expression. */
export function createValueMatcher(test: ValueTest): (text: string) => boolean {
  if (test.test === 'equals') return (text) => text === test.text
  if (test.test === 'regex') {
    const matches = createRegexTest(test)
    return (text) => matches(new FoldedText(text))
  }
  const { parts } = test
  const [first, last] = [parts[0]!, parts.at(-1)!]
  const between = parts.slice(1, -1)
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    const end = follow(text, between, first.length)
    return end !== undefined && end <= text.length - last.length
  }
}

/** @returns the place behind these texts, each as early as it comes; undefined where one does not come */
function follow(text: string, parts: readonly string[], from: number): number | undefined {
  let at = from
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0) return undefined
    at = found + part.length
  }
  return at
}

function createRegexTest({ source, ignoreCase }: RegexTest): (text: FoldedText) => boolean {
  const matcher = new RegexMatcher(parseRegex(source), ignoreCase)
  const form = !ignoreCase ? 'text' : isAscii(source) ? 'ascii' : 'full'
  return (text) => matcher.test(text[form])
}

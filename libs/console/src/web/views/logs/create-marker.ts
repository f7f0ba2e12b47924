import {
  MatchFinder,
  parseLogQuery,
  parseRegex,
  type LogQuery,
  type RegexTest,
  type Span,
  type TextTest,
} from '@runnel/contracts/log-query'
import { findQueryError } from './query-text.ts'

/** Where a text has what is searched for, in order. */
export type Marker = (text: string) => Span[]

/** Long texts are marked no further: their end is not seen in a list. */
const MAX_CHARACTERS = 20_000
/** Expressions cost more. */
const MAX_REGEX_CHARACTERS = 2000

/** Marks what is looked for in messages: by a query, and by the words of older addresses. Of the opposite of something nothing is marked. */
export function createMarker(query: string, q: string): Marker {
  const ofQuery = findQueryError(query) ? [] : testsOf(parseLogQuery(query))
  const ofWords = [...q.matchAll(/(-?)"([^"]+)"|(-?)([^\s"]+)/g)].flatMap(
    ([, minusPhrase, phrase, minusWord, word]): TextTest[] =>
      (minusPhrase ?? minusWord) === '-' ? [] : [{ test: 'contains', text: phrase ?? word! }],
  )
  const markers = [...ofQuery, ...ofWords].map(markerOf)
  return (text) => join(markers.flatMap((mark) => mark(text)))
}

function testsOf(query: LogQuery): readonly TextTest[] {
  if (query.kind === 'and' || query.kind === 'or') return query.nodes.flatMap(testsOf)
  if (query.kind !== 'text' && query.kind !== 'message') return []
  return query.test.test === 'exists' ? [] : [query.test]
}

function markerOf(test: TextTest): Marker {
  if (test.test === 'regex') return regexMarker(test)
  const parts = (test.test === 'contains' ? [test.text] : test.parts).map(fold).filter((part) => part !== '')
  if (parts.length === 0) return () => []
  return (text) => findParts(fold(text.slice(0, MAX_CHARACTERS)), parts)
}

function regexMarker({ source, ignoreCase }: RegexTest): Marker {
  const finder = new MatchFinder(parseRegex(source), ignoreCase)
  return (text) => {
    // One more, which shows that it is not the end of the text.
    const looked = text.slice(0, MAX_REGEX_CHARACTERS + 1)
    return finder.find(ignoreCase ? fold(looked) : looked, MAX_REGEX_CHARACTERS)
  }
}

/** These texts behind each other, and again from there on. */
function findParts(text: string, parts: readonly string[]): Span[] {
  const spans: Span[] = []
  for (let at = 0; ;) {
    const round: Span[] = []
    for (const part of parts) {
      const found = text.indexOf(part, at)
      if (found < 0) return spans
      at = found + part.length
      round.push([found, at])
    }
    spans.push(...round)
  }
}

/** In lower case, every character in its place. */
function fold(text: string): string {
  const folded = text.toLowerCase()
  if (folded.length === text.length) return folded
  return text.replace(/./gsu, (character) => {
    const small = character.toLowerCase()
    return small.length === character.length ? small : character
  })
}

/** Those that meet as one. */
function join(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    const last = joined.at(-1)
    if (last && from <= last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], to)]
    else joined.push([from, to])
  }
  return joined
}

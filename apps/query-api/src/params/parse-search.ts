import { AppError } from '@runnel/contracts'

/** Words of one search, those that are excluded among them. */
const MAX_WORDS = 10

/** What a text has to contain, and what it must not. */
export interface Search {
  readonly words: readonly string[]
  readonly without: readonly string[]
}

/** A phrase in quotes or a word, either with a `-` before it. An unclosed quote is ignored. */
const TERM = /(-?)"([^"]+)"|(-?)([^\s"]+)/g

/**
 * `timeout "order 7" -debug -"not found"`: every word and every phrase has to occur, none of those behind a `-`.
 *
 * @throws AppError invalid_field
 */
export function parseSearch(q: string | undefined): Search {
  const words: string[] = []
  const without: string[] = []
  for (const [, minusPhrase, phrase, minusWord, word] of (q ?? '').matchAll(TERM)) {
    const excluded = (minusPhrase ?? minusWord) === '-'
    ;(excluded ? without : words).push(phrase ?? word!)
  }
  if (words.length + without.length > MAX_WORDS) {
    throw new AppError('invalid_field', `The search has too many words: expected at most ${MAX_WORDS}`, {
      field: 'q',
      expected: `at most ${MAX_WORDS} words`,
    })
  }
  return { words, without }
}

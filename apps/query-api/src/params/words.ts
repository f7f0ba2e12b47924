import { AppError } from '@runnel/contracts'

/** Words of one search. */
const MAX_WORDS = 10

/** Words of a search; text in double quotes is one. @throws AppError invalid_field */
export function parseWords(q: string | undefined): string[] {
  if (q === undefined) return []
  const words = [...q.matchAll(/"([^"]+)"|[^\s"]+/g)].map((match) => match[1] ?? match[0])
  if (words.length > MAX_WORDS) {
    throw new AppError('invalid_field', 'The search has too many words', {
      field: 'q',
      expected: `at most ${MAX_WORDS} words`,
    })
  }
  return words
}

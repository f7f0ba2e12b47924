import { parseLogQuery, type LogQuery } from '@runnel/contracts/log-query'
import { findQueryError } from './query-text.ts'

/** What is looked for in messages, to be marked there: of a query, and of the words of older addresses. */
export function searchedWords(query: string, q: string): string[] {
  const ofQuery = findQueryError(query) ? [] : wordsOf(parseLogQuery(query))
  const ofWords = [...q.matchAll(/(-?)"([^"]+)"|(-?)([^\s"]+)/g)].flatMap(
    ([, minusPhrase, phrase, minusWord, word]) =>
      (minusPhrase ?? minusWord) === '-' ? [] : [phrase ?? word!],
  )
  return [...new Set([...ofQuery, ...ofWords])].filter((word) => word !== '')
}

function wordsOf(query: LogQuery): readonly string[] {
  if (query.kind === 'and' || query.kind === 'or') return query.nodes.flatMap(wordsOf)
  if (query.kind !== 'text' && query.kind !== 'message') return []
  const { test } = query
  if (test.test === 'contains') return [test.text]
  return test.test === 'pattern' ? test.parts : []
}

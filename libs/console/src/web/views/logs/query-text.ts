import {
  LogQueryError,
  parseLogQuery,
  writeField,
  writePhrase,
  type FieldPath,
} from '@runnel/contracts/log-query'

/** @returns what is wrong with a query; undefined where it can be read */
export function findQueryError(query: string): LogQueryError | undefined {
  try {
    parseLogQuery(query)
    return undefined
  } catch (error) {
    if (error instanceof LogQueryError) return error
    throw error
  }
}

/** Texts that mean themselves behind a colon. */
const PLAIN = /^[\p{L}\p{N}_][\p{L}\p{N}_.@:/-]*$/u

/** The condition that a field has a value. */
export function writeTerm(path: FieldPath, value: string): string {
  const text = PLAIN.test(value) ? value : writePhrase(value)
  return `${writeField(path)}:${text}`
}

/** A query with one more condition, or with its opposite turned into it. */
export function addTerm(query: string, term: string): string {
  const terms = ` ${query.trim()} `
  if (terms.includes(` ${term} `)) return query
  const opposite = term.startsWith('-') ? term.slice(1) : `-${term}`
  if (terms.includes(` ${opposite} `)) return terms.replace(` ${opposite} `, () => ` ${term} `).trim()
  return `${isChoice(query) ? `(${query.trim()})` : query} ${term}`.trim()
}

/** @returns whether another term would belong to the last of several choices alone */
function isChoice(query: string): boolean {
  return findQueryError(query) === undefined && parseLogQuery(query).kind === 'or'
}

import { MAX_FIELD_SEGMENTS } from './log-query-limits.ts'
import type { FieldPath } from './log-query.ts'
import type { QueryReader } from './query-reader.ts'

const QUOTED = String.raw`"(?:[^"\\]|\\[^])*"`
const FIRST = String.raw`[\p{L}_@$][\p{L}\p{N}_@$/-]*`
const NEXT = String.raw`[\p{L}\p{N}_@$/-]+`

/** `a.b:` and `"a name".b:`; `a::b` and `http://host` are words. */
const FIELD = new RegExp(String.raw`((?:${FIRST}|${QUOTED})(?:\.(?:${NEXT}|${QUOTED}))*):(?!:|\/\/)`, 'yu')
const SEGMENT = new RegExp(String.raw`${QUOTED}|[^."]+`, 'gu')

/** The name of a field and its colon. @returns undefined where there is none. @throws LogQueryError */
export function readField(reader: QueryReader): FieldPath | undefined {
  const from = reader.at
  const name = reader.match(FIELD)?.[1]
  if (name === undefined) return undefined
  const path = name.match(SEGMENT)!.map(unquote)
  if (path.length > MAX_FIELD_SEGMENTS) {
    const expected = `at most ${MAX_FIELD_SEGMENTS} names`
    throw reader.error('field_too_deep', 'The field lies too deep', expected, from)
  }
  return path
}

function unquote(segment: string): string {
  return segment.startsWith('"') ? segment.slice(1, -1).replace(/\\(["\\])/g, '$1') : segment
}

const PLAIN_FIRST = new RegExp(`^${FIRST}(?:\\.${NEXT})*$`, 'u')
const PLAIN_NEXT = new RegExp(`^${NEXT}(?:\\.${NEXT})*$`, 'u')

/** A field as it is written in a query. Dots within a name need no quotes: what they lead to is looked for in every way. */
export function writeField(path: FieldPath): string {
  const isPlain = (name: string, at: number) => (at === 0 ? PLAIN_FIRST : PLAIN_NEXT).test(name)
  return path.map((name, at) => (isPlain(name, at) ? name : writePhrase(name))).join('.')
}

/** A text in quotes, as it is written in a query. */
export function writePhrase(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** Texts in this order, with anything between them, as they are written behind the colon of a field: `Order\ *\ took\ *\ ms`. */
export function writePattern(parts: readonly string[]): string {
  return parts.map((part) => part.replace(SIGNS_OF_WORDS, '\\$&')).join('*')
}

/** What ends a word or has a meaning in it, and what would begin something else than a word. */
const SIGNS_OF_WORDS = /[\s"()*\\]|^[/<>[{]/g

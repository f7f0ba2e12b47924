import { LogQueryError, type LogQueryReason } from '../log-query-error.ts'
import { MAX_QUERY_DEPTH, MAX_REGEX_SIZE } from '../log-query-limits.ts'
import { ANY } from './char-sets.ts'
import { readClass, readEscape } from './read-set.ts'
import { RegexReader } from './regex-reader.ts'
import type { Regex } from './regex.ts'
import { sizeOf } from './size-of.ts'

/**
 * Reads a regular expression: `.`, `^`, `$`, `\d \w \s` (of ASCII) and their opposites, `[a-z]`, groups, `|`, and the
 * quantifiers `* + ? {n} {n,} {n,m}`.
 *
 * @param start place of the source in the query, for errors
 * @throws LogQueryError
 */
export function parseRegex(source: string, start = 0): Regex {
  const reader = new RegexReader(source, start)
  const regex = readChoice(reader, 0)
  if (!reader.atEnd) throw reader.error('regex_invalid', 'A ) has no ( before it', 'no ) here, or \\)')
  const size = sizeOf(regex)
  if (size > MAX_REGEX_SIZE) {
    const expected = `at most ${MAX_REGEX_SIZE} characters once repetitions are written out`
    throw new LogQueryError('regex_too_large', 'The regular expression is too large', start, expected)
  }
  return regex
}

function readChoice(reader: RegexReader, depth: number): Regex {
  const items = [readSequence(reader, depth)]
  while (reader.take('|')) items.push(readSequence(reader, depth))
  return items.length === 1 ? items[0]! : { kind: 'choice', items }
}

function readSequence(reader: RegexReader, depth: number): Regex {
  const items: Regex[] = []
  while (!reader.atEnd && !reader.sees('|') && !reader.sees(')')) items.push(readRepeat(reader, depth))
  return items.length === 1 ? items[0]! : { kind: 'sequence', items }
}

const QUANTIFIER = /[*+?]|\{(\d{1,4})(,(\d{0,4}))?\}/y

function readRepeat(reader: RegexReader, depth: number): Regex {
  const item = readAtom(reader, depth)
  const from = reader.at
  const found = reader.match(QUANTIFIER)
  if (!found) return item
  const isAnchor = item.kind === 'start' || item.kind === 'end'
  if (isAnchor)
    throw reader.error('regex_invalid', 'There is nothing to repeat', 'a character before it', from)
  // Whether as much or as little as possible is taken makes no difference to whether there is a match.
  reader.take('?')
  if (reader.sees('*') || reader.sees('+') || reader.sees('?')) {
    throw reader.error('regex_invalid', 'A quantifier follows another one', 'one quantifier')
  }
  return { kind: 'repeat', item, ...boundsOf(found, reader, from) }
}

function boundsOf([sign, min, comma, max]: RegExpExecArray, reader: RegexReader, from: number) {
  if (sign === '*') return { min: 0, max: undefined }
  if (sign === '+') return { min: 1, max: undefined }
  if (sign === '?') return { min: 0, max: 1 }
  const least = Number(min)
  const most = comma === undefined ? least : max === '' ? undefined : Number(max)
  if (most !== undefined && most < least) {
    throw reader.error('regex_invalid', 'The numbers of a quantifier are out of order', '{least,most}', from)
  }
  if (Math.max(least, most ?? 0) > MAX_REGEX_SIZE) {
    const expected = `at most ${MAX_REGEX_SIZE} repetitions`
    throw reader.error('regex_too_large', 'A quantifier is too large', expected, from)
  }
  return { min: least, max: most }
}

function readAtom(reader: RegexReader, depth: number): Regex {
  const from = reader.at
  if (reader.take('(')) return readGroup(reader, depth + 1, from)
  if (reader.take('[')) return readClass(reader, from)
  if (reader.take('.')) return ANY
  if (reader.take('^')) return { kind: 'start' }
  if (reader.take('$')) return { kind: 'end' }
  if (reader.take('\\')) return readEscape(reader, from)
  if (reader.match(QUANTIFIER)) {
    throw reader.error('regex_invalid', 'There is nothing to repeat', 'a character before it', from)
  }
  const character = reader.next()
  return { kind: 'set', ranges: [[character, character]], negated: false }
}

function readGroup(reader: RegexReader, depth: number, from: number): Regex {
  if (depth > MAX_QUERY_DEPTH) {
    const expected = `at most ${MAX_QUERY_DEPTH} groups within each other`
    throw reader.error(
      'regex_too_large' satisfies LogQueryReason,
      'Groups are nested too deeply',
      expected,
      from,
    )
  }
  if (reader.take('?') && !reader.take(':')) {
    const expected = 'a group (...) or (?:...): nothing that looks ahead or behind, no names, no flags'
    throw reader.error('regex_unsupported', 'This kind of group is not supported', expected, from)
  }
  const regex = readChoice(reader, depth)
  if (!reader.take(')')) throw reader.error('regex_invalid', 'A ( is not closed', ')')
  return regex
}

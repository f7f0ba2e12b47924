import { BLANKS, complement, DIGITS, WORD_CHARACTERS } from './char-sets.ts'
import type { RegexReader } from './regex-reader.ts'
import type { CharRange, CharSet } from './regex.ts'

const CLASSES: Readonly<Record<string, readonly CharRange[]>> = {
  d: DIGITS,
  w: WORD_CHARACTERS,
  s: BLANKS,
  D: complement(DIGITS),
  W: complement(WORD_CHARACTERS),
  S: complement(BLANKS),
  n: [[0x0a, 0x0a]],
  r: [[0x0d, 0x0d]],
  t: [[0x09, 0x09]],
}

/** What stands behind a backslash. @param from place of the backslash. @throws LogQueryError */
export function readEscape(reader: RegexReader, from: number): CharSet {
  if (reader.atEnd) throw reader.error('regex_invalid', 'It ends with a \\', 'a character behind it', from)
  const point = reader.next()
  const letter = String.fromCodePoint(point)
  const ranges = CLASSES[letter]
  if (ranges) return { kind: 'set', ranges, negated: false }
  if (/[a-zA-Z0-9]/.test(letter)) {
    const expected = 'one of \\d \\w \\s \\D \\W \\S \\n \\r \\t, or a \\ before a sign'
    throw reader.error('regex_unsupported', `\\${letter} is not supported`, expected, from)
  }
  return { kind: 'set', ranges: [[point, point]], negated: false }
}

/** What follows a `[`. @param from place of it. @throws LogQueryError */
export function readClass(reader: RegexReader, from: number): CharSet {
  const negated = reader.take('^')
  const ranges: CharRange[] = []
  for (;;) {
    if (reader.atEnd) throw reader.error('regex_invalid', 'A [ is not closed', ']')
    if (reader.take(']')) break
    ranges.push(...readClassItem(reader))
  }
  if (ranges.length === 0) throw reader.error('regex_invalid', 'A class is empty', 'characters', from)
  return { kind: 'set', ranges, negated }
}

function readClassItem(reader: RegexReader): readonly CharRange[] {
  const from = reader.at
  const first = readMember(reader)
  if (!reader.take('-')) return first
  // A - at the end stands for itself.
  if (reader.sees(']')) return [...first, [0x2d, 0x2d]]
  const last = reader.atEnd ? first : readMember(reader)
  const [low, high] = [only(first), only(last)]
  if (low === undefined || high === undefined || low > high) {
    throw reader.error('regex_invalid', 'A range of a class is not valid', 'a range such as a-z', from)
  }
  return [[low, high]]
}

function readMember(reader: RegexReader): readonly CharRange[] {
  const from = reader.at
  if (reader.take('\\')) return readEscape(reader, from).ranges
  const point = reader.next()
  return [[point, point]]
}

/** The character of a set that has one. */
function only(ranges: readonly CharRange[]): number | undefined {
  const [range] = ranges
  return ranges.length === 1 && range![0] === range![1] ? range![0] : undefined
}

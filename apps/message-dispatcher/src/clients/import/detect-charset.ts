import { AppError } from '@runnel/contracts'
import { analyse } from 'chardet'
import { recogniseCyrillic } from './recognise-cyrillic.ts'

/** Encodings whose words are ASCII letters with some others, and those whose words are hardly any. */
const LATIN: readonly string[] = ['windows-1250', 'windows-1252', 'windows-1254']
const OTHERS: readonly string[] = [
  ...['windows-1251', 'KOI8-R', 'windows-1253', 'windows-1255', 'windows-1256'],
  ...['Shift_JIS', 'EUC-JP', 'EUC-KR', 'Big5', 'GB18030'],
]

/** How sure the library has to be, of 100, and by how much surer than of the next one. */
const LEAST_CONFIDENCE = 30
const LEAST_LEAD = 10

/** Confidence of what is named as a guess. */
const WORTH_NAMING = 15

const NAMES: ReadonlyMap<string, string> = new Map([
  ['ISO-8859-1', 'windows-1252'],
  ['ISO-8859-2', 'windows-1250'],
  ['ISO-8859-7', 'windows-1253'],
  ['ISO-8859-8', 'windows-1255'],
  ['ISO-8859-9', 'windows-1254'],
])

/**
 * The encoding of a text that has characters beyond ASCII.
 *
 * @param sample of its bytes, from the first one beyond ASCII on
 * @returns a name that TextDecoder knows
 * @throws AppError bad_encoding where it cannot be recognised
 */
export function detectCharset(sample: Buffer): string {
  const { valid, invalid } = countUtf8(sample)
  if (valid > invalid) return 'utf-8'
  const words = foreignWords(sample)
  const isLatin = words.foreign < words.letters / 2
  const cyrillic = isLatin ? undefined : recogniseCyrillic(words.bytes)
  if (cyrillic !== undefined) return cyrillic
  const found = new Map<string, number>()
  for (const { name, confidence } of analyse(words.bytes)) {
    const known = NAMES.get(name) ?? name
    if ((isLatin ? LATIN : OTHERS).includes(known))
      found.set(known, Math.max(confidence, found.get(known) ?? 0))
  }
  const [first, second] = [...found].sort((a, b) => b[1] - a[1])
  if (first && first[1] >= LEAST_CONFIDENCE && first[1] - (second?.[1] ?? 0) >= LEAST_LEAD) return first[0]
  const likely = [first, second].flatMap((one) => (one && one[1] >= WORTH_NAMING ? [one[0]] : []))
  const guesses = likely.length > 0 ? `; it may be ${likely.join(' or ')}` : ''
  throw new AppError(
    'bad_encoding',
    `The file is not in UTF-8, and its encoding was not recognised${guesses}`,
    {
      field: 'charset',
      expected: 'UTF-8, or the name of the encoding in the parameter charset, e.g. charset=windows-1251',
    },
  )
}

/** Characters of several bytes that are valid UTF-8, and bytes beyond ASCII that are not. */
function countUtf8(sample: Buffer): { valid: number; invalid: number } {
  let [valid, invalid, i] = [0, 0, 0]
  while (i < sample.length) {
    const byte = sample[i]!
    if (byte < 0x80) {
      i++
      continue
    }
    const length = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0
    // The last character of a sample may be cut.
    if (length > 0 && i + length > sample.length) break
    let at = 1
    while (at < length && (sample[i + at]! & 0xc0) === 0x80) at++
    if (length > 0 && byte < 0xf5 && at === length) {
      valid++
      i += length
    } else {
      invalid++
      i++
    }
  }
  return { valid, invalid }
}

const isLetter = (byte: number) =>
  byte >= 0x80 || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)

interface ForeignWords {
  /** The words, with a blank after each. */
  readonly bytes: Buffer
  readonly letters: number
  /** Of them, those beyond ASCII. */
  readonly foreign: number
}

/** Words with a letter beyond ASCII: names of columns and zones would let every encoding look English. */
function foreignWords(sample: Buffer): ForeignWords {
  const words: Buffer[] = []
  let [letters, foreign] = [0, 0]
  for (let i = 0; i < sample.length; i++) {
    const start = i
    let inWord = 0
    while (i < sample.length && isLetter(sample[i]!)) if (sample[i++]! >= 0x80) inWord++
    if (inWord === 0) continue
    words.push(sample.subarray(start, i), BLANK)
    letters += i - start
    foreign += inWord
  }
  return { bytes: Buffer.concat(words), letters, foreign }
}

const BLANK = Buffer.from(' ')

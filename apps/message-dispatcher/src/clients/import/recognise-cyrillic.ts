/** Encodings of Cyrillic letters that files of people are in, by the names of TextDecoder. */
const ENCODINGS = ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic'] as const

const WORD = /[\p{L}\p{M}\u0080-\uffff]+/gu

/** Case as people write it: in another encoding it is turned round, or signs stand between the letters. */
const PLAUSIBLE = /^(?:\p{Script=Cyrillic}?\p{Ll}+|\p{Lu}+)$/u
const CYRILLIC = /^\p{Script=Cyrillic}+$/u

/** Letters that make up four fifths of Russian, and nearly as much of its neighbours. */
const FREQUENT = /[оеаинтсрвлкмдпуі]/gi

const LEAST_LETTERS = 6
const LEAST_PLAUSIBLE = 0.95
const LEAST_FREQUENT = 0.6

/**
 * The encoding in which nearly all words are Cyrillic ones, with the case and the letters that words have. Few names are
 * enough, where counting pairs of letters, as libraries do, needs sentences; and DOS's encoding is among them.
 *
 * @param words letters beyond ASCII, with blanks between words
 * @returns undefined where there is none, or too little text
 */
export function recogniseCyrillic(words: Buffer): string | undefined {
  const plausible = ENCODINGS.map((name) => ({ name, share: plausibleShare(words, name) }))
  const [best] = plausible.sort((a, b) => b.share - a.share)
  return best && best.share >= LEAST_PLAUSIBLE ? best.name : undefined
}

function plausibleShare(bytes: Buffer, encoding: string): number {
  const text = new TextDecoder(encoding).decode(bytes)
  const letters = text.replaceAll(/\s/g, '').length
  const frequent = text.match(FREQUENT)?.length ?? 0
  if (letters < LEAST_LETTERS || frequent < letters * LEAST_FREQUENT) return 0
  const good = (text.match(WORD) ?? []).filter((word) => CYRILLIC.test(word) && PLAUSIBLE.test(word))
  return good.reduce((sum, word) => sum + word.length, 0) / letters
}

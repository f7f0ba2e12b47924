const NON_ASCII = /[^\u0000-\u007f]/

/** @returns whether a word has letters beyond ASCII */
export function isAscii(word: string): boolean {
  return !NON_ASCII.test(word)
}

/** A text in lower case, once by bytes and once with all letters; each is made when it is first wanted. */
export class FoldedText {
  /** As it is. */
  readonly text: string
  #ascii: string | undefined
  #full: string | undefined

  constructor(text: string) {
    this.text = text
  }

  /** In characters. */
  get length(): number {
    return this.text.length
  }

  get ascii(): string {
    return (this.#ascii ??= foldAscii(this.text))
  }

  get full(): string {
    return (this.#full ??= foldAll(this.text))
  }
}

function foldAscii(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Letter by letter, as the database does: JavaScript alone knows a final sigma. */
function foldAll(text: string): string {
  return text.replaceAll('\u03a3', '\u03c3').toLowerCase()
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LOWER_U = 0x75
const SLASH = 0x2f
const FIRST_PRINTABLE = 0x20

/** Builds a text of UTF-16 units, of which a lone surrogate is one like any other. */
export class UnitWriter {
  readonly #units: Uint16Array
  #length = 0

  /** @param capacity units that it takes at most */
  constructor(capacity: number) {
    this.#units = new Uint16Array(capacity)
  }

  copy(text: string, from: number, to: number): void {
    let at = this.#length
    for (let i = from; i < to; i++) this.#units[at++] = text.charCodeAt(i)
    this.#length = at
  }

  write(text: string): void {
    this.copy(text, 0, text.length)
  }

  /**
   * Writes what stands between the quotes of a JSON string without its escapes.
   *
   * @returns false, and nothing is written, where it holds what needs an escape, or an invalid escape
   */
  unescape(text: string, from: number, to: number): boolean {
    let at = this.#length
    for (let i = from; i < to; i++) {
      let unit = text.charCodeAt(i)
      if (unit === BACKSLASH) {
        unit = text.charCodeAt(++i)
        // All the other escapes are of what needs one.
        if (unit !== LOWER_U && unit !== SLASH) return false
        if (unit === LOWER_U) {
          unit = readHex(text, i + 1)
          i += 4
          if (unit < FIRST_PRINTABLE || unit === QUOTE || unit === BACKSLASH) return false
        }
      }
      this.#units[at++] = unit
    }
    this.#length = at
    return true
  }

  toString(): string {
    return Buffer.from(this.#units.buffer, 0, this.#length * 2).toString('utf16le')
  }
}

/** @returns the number that four hexadecimal digits write; -1 where they are none */
function readHex(text: string, at: number): number {
  let value = 0
  for (let i = at; i < at + 4; i++) {
    const digit = readDigit(text.charCodeAt(i))
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function readDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  const lower = unit | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

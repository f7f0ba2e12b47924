import { BinaryReader } from '@bufbuild/protobuf/wire'

/** Longer texts are rarely those of the message before. */
const REPEATED_CHARS = 32

/** A power of two. */
const REMEMBERED_TEXTS = 1024

/**
 * Short texts that were read lately, by a hash of their bytes: names of attributes and many of their values repeat from record to record,
 * and to find one takes a third of the time of making it. At most REMEMBERED_TEXTS of REPEATED_CHARS.
 */
const texts: string[] = Array<string>(REMEMBERED_TEXTS).fill('')
/** The same as JSON, where that was asked for. */
const jsonTexts: (string | undefined)[] = Array<string | undefined>(REMEMBERED_TEXTS).fill(undefined)

/** Bytes of an integer that is exact as a double whatever it is; there may be ten. */
const SHORT_INTEGER_BYTES = 7

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The reader of the library, with shorter ways for what messages are mostly made of: tags of a byte, and texts in ASCII. */
export class FieldReader extends BinaryReader {
  readonly #bytes: Uint8Array
  #long = ''

  constructor(bytes: Uint8Array) {
    super(bytes)
    this.#bytes = bytes
  }

  /**
   * The next tag: the number of its field times eight, and its wire type.
   *
   * @throws Error of the library where the bytes are no tag
   */
  nextTag(): number {
    const byte = this.#bytes[this.pos]!
    // The library refuses the number 0 and wire types beyond 5.
    if (byte > 7 && byte < 0x80 && (byte & 7) < 6) {
      this.pos++
      return byte
    }
    const [number, wireType] = this.tag()
    return number * 8 + wireType
  }

  /** @throws TypeError where it is no UTF-8, RangeError where the bytes end within it */
  text(): string {
    const place = this.#readText()
    return place < 0 ? this.#long : texts[place]!
  }

  /** The next text as JSON.stringify writes it. @throws as {@link text} does */
  jsonText(): string {
    const place = this.#readText()
    if (place < 0) return JSON.stringify(this.#long)
    return (jsonTexts[place] ??= JSON.stringify(texts[place]))
  }

  /** @returns an integer that is not negative, or -1 of one that is longer than doubles are sure to hold: it is still to be read */
  shortInteger(): number {
    const start = this.pos
    let [value, worth] = [0, 1]
    for (let at = start; at < start + SHORT_INTEGER_BYTES; at++) {
      const byte = this.#bytes[at]!
      value += (byte & 0x7f) * worth
      worth *= 0x80
      if (byte < 0x80) {
        this.pos = at + 1
        return value
      }
    }
    return -1
  }

  /** Moves behind bytes with their length before them. @returns where they begin */
  #nextBytes(): number {
    const length = this.uint32()
    const start = this.pos
    this.pos += length
    if (this.pos > this.len) throw new RangeError('premature EOF')
    return start
  }

  /** @returns where the text is remembered, or -1 of one that is not: it is #long then */
  #readText(): number {
    const start = this.#nextBytes()
    const end = this.pos
    const length = end - start
    const bytes = this.#bytes
    let hash = length
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte > 0x7f) return this.#keepLong(decoder.decode(bytes.subarray(start, end)))
      hash = (hash * 31 + byte) | 0
    }
    if (length > REPEATED_CHARS) return this.#keepLong(toText(bytes, start, end))
    const place = (hash ^ (hash >>> 10)) & (REMEMBERED_TEXTS - 1)
    const known = texts[place]!
    if (known.length === length && holds(bytes, start, known)) return place
    texts[place] = toText(bytes, start, end)
    jsonTexts[place] = undefined
    return place
  }

  #keepLong(text: string): number {
    this.#long = text
    return -1
  }
}

function holds(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false
  return true
}

/** Of bytes that are ASCII. */
function toText(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end)
}

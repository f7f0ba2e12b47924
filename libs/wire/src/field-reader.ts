import { BinaryReader } from '@bufbuild/protobuf/wire'

/** Longer texts are rarely those of the message before. */
const REPEATED_CHARS = 32

/** A power of two. */
const REMEMBERED_TEXTS = 1024

/**
 * Short texts that were read lately, by a hash of their bytes: names of attributes and many of their values repeat from record to record,
 * and to find one takes a third of the time of making it. At most REMEMBERED_TEXTS of REPEATED_CHARS.
 */
const remembered: string[] = Array<string>(REMEMBERED_TEXTS).fill('')

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The reader of the library, with shorter ways for what messages are mostly made of: tags of a byte, and texts in ASCII. */
export class FieldReader extends BinaryReader {
  readonly #bytes: Uint8Array

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
    const length = this.uint32()
    const start = this.pos
    this.pos += length
    const end = this.pos
    if (end > this.len) throw new RangeError('premature EOF')
    const bytes = this.#bytes
    let hash = length
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end))
      hash = (hash * 31 + byte) | 0
    }
    if (length > REPEATED_CHARS) return toText(bytes, start, end)
    const place = (hash ^ (hash >>> 10)) & (REMEMBERED_TEXTS - 1)
    const known = remembered[place]!
    if (known.length === length && holds(bytes, start, known)) return known
    return (remembered[place] = toText(bytes, start, end))
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

import { ByteWriter } from './formats/shared/byte-writer.ts'

/** Of a body's events, to begin with. */
const FIRST_BYTES = 256 * 1024
/** Larger ones are left to the collector. */
const MAX_SPARE_BYTES = 2 * 1024 * 1024

/** Of a body that is done: a fresh one for each would be most of what the collector is called for. */
let spare: Buffer | undefined

/** Texts of events, or what gives them. */
export type EventTexts = readonly string[] | WrittenTexts

/**
 * Texts of events, most of which are bytes that nothing has made a text of: they go into their envelope as they are.
 *
 * Of each: where its bytes begin and end; or -1, and the number of its text.
 */
export class WrittenTexts {
  /** Where the next event is written, before {@link end}. */
  readonly writer = new ByteWriter(takeSpare())
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #texts: string[] = []
  #released = false

  get length(): number {
    return this.#from.length
  }

  /** Adds an event that was written. @returns its bytes */
  end(from: number): number {
    const { at } = this.writer
    this.#from.push(from)
    this.#to.push(at)
    return at - from
  }

  add(text: string): void {
    this.#from.push(-1)
    this.#to.push(this.#texts.push(text) - 1)
  }

  /** Bytes of an event, or characters of one that is a text. */
  sizeAt(i: number): number {
    const from = this.#from[i]!
    return from < 0 ? this.#texts[this.#to[i]!]!.length : this.#to[i]! - from
  }

  /** @returns where its bytes begin, or -1 of one that is a text */
  fromAt(i: number): number {
    return this.#from[i]!
  }

  toAt(i: number): number {
    return this.#to[i]!
  }

  textAt(i: number): string {
    this.#requireBytes()
    const from = this.#from[i]!
    return from < 0 ? this.#texts[this.#to[i]!]! : this.writer.bytes.toString('utf8', from, this.#to[i])
  }

  /** Of some that were written. */
  get bytes(): Buffer {
    this.#requireBytes()
    return this.writer.bytes
  }

  /** The bytes are for another body from now on. */
  release(): void {
    if (this.#released) return
    this.#released = true
    const { bytes } = this.writer
    if (bytes.length <= MAX_SPARE_BYTES && bytes.length > (spare?.length ?? 0)) spare = bytes
  }

  #requireBytes(): void {
    if (this.#released) throw new Error('The texts of a body were released')
  }
}

function takeSpare(): Buffer {
  const taken = spare ?? Buffer.allocUnsafeSlow(FIRST_BYTES)
  spare = undefined
  return taken
}

export function textAt(texts: EventTexts, i: number): string {
  return texts instanceof WrittenTexts ? texts.textAt(i) : texts[i]!
}

/** Bytes or characters. */
export function sizeAt(texts: EventTexts, i: number): number {
  return texts instanceof WrittenTexts ? texts.sizeAt(i) : texts[i]!.length
}

export function sizeOfAll(texts: EventTexts): number {
  let size = 0
  for (let i = 0; i < texts.length; i++) size += sizeAt(texts, i)
  return size
}

/** All of them, for what looks at each. */
export function allTexts(texts: EventTexts): readonly string[] {
  return texts instanceof WrittenTexts
    ? Array.from({ length: texts.length }, (_, i) => texts.textAt(i))
    : texts
}

import { LOG_COLUMN_MEMBERS, type JsonObject, type JsonValue } from '@runnel/contracts'
import { endOfCanonicalJson, MAX_DEPTH, type MemberJudge } from '@runnel/json'
import { toPiece, type ByteWriter } from '../shared/byte-writer.ts'
import type { LineBytes } from './line-bytes.ts'

const QUOTE = 0x22

/** More members are looked through by a map, which the way by values has. */
const MAX_MEMBERS = 64

/** A name as it stands in lines, and as text. */
interface SeenName {
  readonly bytes: Uint8Array
  readonly text: string
}

/** The members of a line that is a JSON object, by their places in it. */
export class LineMembers {
  readonly names: string[] = []
  readonly #nameFrom: number[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  /** By their place in a line: most lines have the names of the one before, which are not made texts again. */
  readonly #seen: SeenName[] = []
  #line: LineBytes | undefined

  /** @returns whether the line is an object that JSON.stringify would write as it stands, and can be stored one level deeper */
  read(line: LineBytes): boolean {
    this.names.length = 0
    this.#line = line
    return endOfCanonicalJson(line.content, 0, MAX_DEPTH - 1, this.#take) === line.length
  }

  /** Writes the JSON of a value. */
  putValue(i: number, out: ByteWriter): void {
    out.putRange(this.#line!.content, this.#from[i]!, this.#to[i]!)
  }

  hasValue(i: number, json: string): boolean {
    return this.#text(this.#from[i]!, this.#to[i]!) === json
  }

  /** Writes members side by side, as they stand, with commas between. */
  putMembers(first: number, last: number, out: ByteWriter): void {
    out.putRange(this.#line!.content, this.#nameFrom[first]! - 1, this.#to[last]!)
  }

  /** Those that level, service and message are read from. */
  columnMembers(): JsonObject {
    const object: JsonObject = {}
    for (let i = 0; i < this.names.length; i++)
      if (LOG_COLUMN_MEMBERS.has(this.names[i]!))
        object[this.names[i]!] = this.#parse(this.#from[i]!, this.#to[i]!)
    return object
  }

  /** Texts without escapes are what most of them are. */
  #parse(from: number, to: number): JsonValue {
    const { content } = this.#line!
    const text = this.#text(from, to)
    const isPlain = content[from] === QUOTE && !text.includes('\\')
    return isPlain ? text.slice(1, -1) : (JSON.parse(text) as JsonValue)
  }

  readonly #take: MemberJudge = (_, nameFrom, nameTo, from, to) => {
    const { names } = this
    const at = names.length
    const name = this.#nameAt(at, nameFrom, nameTo)
    if (at === MAX_MEMBERS || names.includes(name)) return false
    names.push(name)
    this.#nameFrom[at] = nameFrom
    this.#from[at] = from
    this.#to[at] = to
    return true
  }

  #nameAt(at: number, from: number, to: number): string {
    const seen = this.#seen[at]
    const content: Uint8Array = this.#line!.content
    if (seen !== undefined && isSame(seen.bytes, content, from, to)) return seen.text
    const text = this.#text(from, to)
    if (at < MAX_MEMBERS) this.#seen[at] = { bytes: toPiece(text), text }
    return text
  }

  #text(from: number, to: number): string {
    const { content, isAscii } = this.#line!
    return isAscii ? content.toString('latin1', from, to) : content.toString('utf8', from, to)
  }
}

function isSame(bytes: Uint8Array, content: Uint8Array, from: number, to: number): boolean {
  if (bytes.length !== to - from) return false
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== content[from + i]) return false
  return true
}

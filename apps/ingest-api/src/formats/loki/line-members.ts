import { LOG_COLUMN_MEMBERS, type JsonObject, type JsonValue } from '@runnel/contracts'
import { endOfCanonicalJson, MAX_DEPTH, type MemberJudge } from '@runnel/json'
import type { LineBytes } from './line-bytes.ts'

/** More members are looked through by a map, which the way by values has. */
const MAX_MEMBERS = 64

/** The members of a line that is a JSON object, by their places in it. */
export class LineMembers {
  readonly names: string[] = []
  readonly #nameFrom: number[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  #text = ''
  #line: LineBytes | undefined

  /** @returns whether the line is an object that JSON.stringify would write as it stands, and can be stored one level deeper */
  read(line: LineBytes): boolean {
    this.names.length = 0
    this.#line = line
    this.#text = line.isAscii ? line.toText() : ''
    return endOfCanonicalJson(line.content, 0, MAX_DEPTH - 1, this.#take) === line.length
  }

  /** The JSON of a value. */
  value(i: number): string {
    return this.#slice(this.#from[i]!, this.#to[i]!)
  }

  /** Members side by side, as they stand, with commas between. */
  members(first: number, last: number): string {
    return this.#slice(this.#nameFrom[first]! - 1, this.#to[last]!)
  }

  /** Those that level, service and message are read from. */
  columnMembers(): JsonObject {
    const object: JsonObject = {}
    for (let i = 0; i < this.names.length; i++)
      if (LOG_COLUMN_MEMBERS.has(this.names[i]!))
        object[this.names[i]!] = JSON.parse(this.value(i)) as JsonValue
    return object
  }

  readonly #take: MemberJudge = (_, nameFrom, nameTo, from, to) => {
    const { names } = this
    const name = this.#slice(nameFrom, nameTo)
    const at = names.length
    if (at === MAX_MEMBERS || names.includes(name)) return false
    names.push(name)
    this.#nameFrom[at] = nameFrom
    this.#from[at] = from
    this.#to[at] = to
    return true
  }

  #slice(from: number, to: number): string {
    const line = this.#line!
    return line.isAscii ? this.#text.slice(from, to) : line.content.toString('utf8', from, to)
  }
}

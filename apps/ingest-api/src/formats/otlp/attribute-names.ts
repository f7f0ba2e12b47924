import { mayHoldBadText } from '@runnel/json'
import { toPiece } from '../shared/byte-writer.ts'

/** Of an origin. Records with other names beyond them are written without. */
const MAX_SEQUENCES = 500

/** Members of objects are not always in the order in which they were set. */
const MAY_BE_INTEGER = /^\d/

/** As many are compared one by one. */
const MAX_FIRST = 8

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

interface Known {
  readonly taken: ReadonlySet<string>
  sequences: number
}

/**
 * Names of attributes in the order in which records have them: most records of a request have the same ones, which are then judged and
 * written once.
 */
export class AttributeNames {
  /** The last name as the beginning of a member, with a comma before it. */
  readonly member: string
  /** The same in bytes. */
  readonly memberBytes: Uint8Array
  /** No name is there twice, taken, or of a meaning of its own: the members are those of the object, in its order. */
  readonly areOrdinary: boolean
  readonly #known: Known
  readonly #names: readonly string[]
  /** Of the last name. */
  readonly #lastBytes: Uint8Array
  readonly #next = new Map<string, AttributeNames>()
  /** The first ones of them, which are found by their bytes. */
  readonly #first: AttributeNames[] = []
  #last: AttributeNames | undefined
  #lastName = ''

  private constructor(known: Known, names: readonly string[], areOrdinary: boolean) {
    this.#known = known
    this.#names = names
    this.member = names.length === 0 ? '' : `,${JSON.stringify(names.at(-1))}:`
    this.memberBytes = toPiece(this.member)
    this.#lastBytes = toPiece(names.at(-1) ?? '')
    this.areOrdinary = areOrdinary && !mayHoldBadText(this.member)
  }

  /** @param taken names that are no ordinary ones */
  static none(taken: ReadonlySet<string>): AttributeNames {
    return new AttributeNames({ taken, sequences: 0 }, [], true)
  }

  /** @returns these names and one more */
  with(name: string): AttributeNames {
    if (this.#last !== undefined && name === this.#lastName) return this.#last
    const next = this.#next.get(name) ?? this.#add(name)
    this.#last = next
    this.#lastName = name
    return next
  }

  /** The same by the bytes of the name. @throws TypeError where they are no UTF-8 */
  withBytes(bytes: Uint8Array, from: number, to: number): AttributeNames {
    for (let i = 0; i < this.#first.length; i++)
      if (this.#first[i]!.#endsWith(bytes, from, to)) return this.#first[i]!
    return this.with(decoder.decode(bytes.subarray(from, to)))
  }

  #endsWith(bytes: Uint8Array, from: number, to: number): boolean {
    const last = this.#lastBytes
    if (last.length !== to - from) return false
    for (let i = 0; i < last.length; i++) if (last[i] !== bytes[from + i]) return false
    return true
  }

  #add(name: string): AttributeNames {
    const known = this.#known
    const isOrdinary = !known.taken.has(name) && !MAY_BE_INTEGER.test(name) && !this.#names.includes(name)
    const hasRoom = this.areOrdinary && known.sequences < MAX_SEQUENCES
    const next = new AttributeNames(known, [...this.#names, name], hasRoom && isOrdinary)
    if (hasRoom) {
      known.sequences++
      this.#next.set(name, next)
      if (this.#first.length < MAX_FIRST) this.#first.push(next)
    }
    return next
  }
}

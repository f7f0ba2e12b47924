import { mayHoldBadText } from '@runnel/json'

/** Of an origin. Records with other names beyond them are written without. */
const MAX_SEQUENCES = 500

/** Members of objects are not always in the order in which they were set. */
const MAY_BE_INTEGER = /^\d/

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
  /** No name is there twice, taken, or of a meaning of its own: the members are those of the object, in its order. */
  readonly areOrdinary: boolean
  readonly #known: Known
  readonly #names: readonly string[]
  readonly #next = new Map<string, AttributeNames>()
  #last: AttributeNames | undefined
  #lastName = ''

  private constructor(known: Known, names: readonly string[], areOrdinary: boolean) {
    this.#known = known
    this.#names = names
    this.member = names.length === 0 ? '' : `,${JSON.stringify(names.at(-1))}:`
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

  #add(name: string): AttributeNames {
    const known = this.#known
    const isOrdinary = !known.taken.has(name) && !MAY_BE_INTEGER.test(name) && !this.#names.includes(name)
    const hasRoom = this.areOrdinary && known.sequences < MAX_SEQUENCES
    const next = new AttributeNames(known, [...this.#names, name], hasRoom && isOrdinary)
    if (hasRoom) {
      known.sequences++
      this.#next.set(name, next)
    }
    return next
  }
}

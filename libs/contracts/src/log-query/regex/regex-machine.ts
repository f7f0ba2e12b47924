import { hasCharacter } from './char-sets.ts'
import { compileRegex, type Program, type Step } from './compile-regex.ts'
import type { Regex } from './regex.ts'

const ASCII = 128

/** A set of steps of a program, one bit for each. */
export type Places = Uint32Array

/** Follows all ways through a regular expression at once, one character after the other. */
export class RegexMachine {
  /** Where every text begins. */
  readonly first: Places
  readonly #program: Program
  readonly #words: number
  /** Where a match may begin behind the start. */
  readonly #later: Places
  /** By step: where a character leads to that it takes. */
  readonly #behind: readonly (Places | undefined)[]
  /** By character: the steps that take it. */
  readonly #takers: readonly Places[]

  /** @param ignoreCase texts come in lower case */
  constructor(regex: Regex, ignoreCase: boolean) {
    this.#program = compileRegex(regex, ignoreCase)
    const { steps, first } = this.#program
    this.#words = Math.ceil(steps.length / 32)
    this.first = this.#reach([first], true, false)
    this.#later = this.#reach([first], false, false)
    this.#behind = steps.map((step) =>
      step.kind === 'set' ? this.#reach([step.next], false, false) : undefined,
    )
    this.#takers = Array.from({ length: ASCII }, (_, character) => this.#takersOf(character))
  }

  /** @returns where a character leads to */
  advance(places: Places, character: number): Places {
    const reached = this.#later.slice()
    const takers = this.#takers[character] ?? this.#takersOf(character)
    for (let word = 0; word < this.#words; word++) {
      for (let bits = places[word]! & takers[word]!; bits !== 0; bits &= bits - 1) {
        const behind = this.#behind[word * 32 + 31 - Math.clz32(bits & -bits)]!
        for (let i = 0; i < this.#words; i++) reached[i]! |= behind[i]!
      }
    }
    return reached
  }

  /** @returns whether a match has ended here. It is the first step of every program */
  matches(places: Places): boolean {
    return (places[0]! & 1) === 1
  }

  /** @returns whether a match ends with the text */
  matchesAtEnd(places: Places, isEmpty: boolean): boolean {
    const waiting = this.#program.steps.flatMap((_, place) => (has(places, place) ? [place] : []))
    return this.matches(this.#reach(waiting, isEmpty, true))
  }

  #takersOf(character: number): Places {
    const places = new Uint32Array(this.#words)
    this.#program.steps.forEach((step, place) => {
      if (step.kind === 'set' && hasCharacter(step.set, character)) add(places, place)
    })
    return places
  }

  /** Steps that take a character, end the expression or wait for the end of the text, reached from others without a character. */
  #reach(from: readonly number[], atStart: boolean, atEnd: boolean): Places {
    const seen = new Set<number>()
    const reached = new Uint32Array(this.#words)
    const open = [...from]
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (seen.has(place)) continue
      seen.add(place)
      const step = this.#program.steps[place]!
      if (waits(step, atEnd)) add(reached, place)
      else if (step.kind === 'split') open.push(...step.nexts)
      else if (step.kind === 'end' || (step.kind === 'start' && atStart)) open.push(step.next)
    }
    return reached
  }
}

function waits({ kind }: Step, atEnd: boolean): boolean {
  return kind === 'set' || kind === 'match' || (kind === 'end' && !atEnd)
}

function add(places: Places, place: number): void {
  places[place >>> 5]! |= 1 << (place & 31)
}

function has(places: Places, place: number): boolean {
  return ((places[place >>> 5]! >>> (place & 31)) & 1) === 1
}

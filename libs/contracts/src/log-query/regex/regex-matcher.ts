import { MAX_REGEX_TEXT_CHARACTERS } from '../log-query-limits.ts'
import { RegexMachine, type Places } from './regex-machine.ts'
import type { Regex } from './regex.ts'

/** States that are kept. Past them, ways are followed without being remembered, up to the end of the text. */
const MAX_STATES = 500

/** Where a text may have come to. */
interface State {
  readonly places: Places
  readonly matches: boolean
  /** By character; undefined in a state that is not kept. */
  readonly next: Map<number, State> | undefined
}

/**
 * Whether a regular expression matches, in time that grows with the text alone: all ways through the expression are
 * followed at once, and where they lead to is remembered.
 */
export class RegexMatcher {
  readonly #machine: RegexMachine
  readonly #states = new Map<string, State>()

  /** @param ignoreCase texts come in lower case */
  constructor(regex: Regex, ignoreCase: boolean) {
    this.#machine = new RegexMachine(regex, ignoreCase)
  }

  /** @returns whether there is a match in the first {@link MAX_REGEX_TEXT_CHARACTERS} of a text */
  test(text: string): boolean {
    if (this.#states.size >= MAX_STATES) this.#states.clear()
    let state = this.#state(this.#machine.first)
    for (let at = 0, seen = 0; at < text.length && seen < MAX_REGEX_TEXT_CHARACTERS; at++, seen++) {
      if (state.matches) return true
      const character = text.codePointAt(at)!
      if (character > 0xffff) at++
      state = state.next?.get(character) ?? this.#step(state, character)
    }
    return state.matches || this.#machine.matchesAtEnd(state.places, text === '')
  }

  #step(state: State, character: number): State {
    const reached = this.#state(this.#machine.advance(state.places, character))
    if (reached.next && state.next && state.next.size < MAX_STATES) state.next.set(character, reached)
    return reached
  }

  #state(places: Places): State {
    const matches = this.#machine.matches(places)
    if (this.#states.size >= MAX_STATES) return { places, matches, next: undefined }
    const key = places.join()
    let state = this.#states.get(key)
    if (!state) this.#states.set(key, (state = { places, matches, next: new Map() }))
    return state
  }
}

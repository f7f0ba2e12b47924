import { MAX_REGEX_TEXT_CHARACTERS } from '../log-query-limits.ts'
import { hasCharacter } from './char-sets.ts'
import { compileRegex, type Program } from './compile-regex.ts'
import type { Regex } from './regex.ts'

/** Where a match begins, and behind its end. */
export type Span = readonly [from: number, to: number]

/** Steps of all ways together that a text is worth: what repeats its beginnings would take the square of its length. */
const MAX_STEPS = 50_000

/** Where the ways through an expression have come to: by step, where the first match began that is on it. */
type Ways = Map<number, number>

/**
 * Finds where a regular expression matches: the leftmost match, as long as it may be, then the next one behind it. Like {@link RegexMatcher}
 * follows all ways at once; takes at most {@link MAX_STEPS} steps.
 */
export class MatchFinder {
  readonly #program: Program

  /** @param ignoreCase texts come in lower case */
  constructor(regex: Regex, ignoreCase: boolean) {
    this.#program = compileRegex(regex, ignoreCase)
  }

  /**
   * @param maxCharacters of the text that are looked at, no more than {@link MAX_REGEX_TEXT_CHARACTERS}
   * @returns matches that are not empty; those at the end may be missing where finding all takes too long
   */
  find(text: string, maxCharacters = MAX_REGEX_TEXT_CHARACTERS): Span[] {
    const spans: Span[] = []
    const budget = { steps: MAX_STEPS }
    const end = Math.min(text.length, maxCharacters)
    for (let from = 0; from < end;) {
      const span = this.#findNext(text, from, end, budget)
      if (!span || budget.steps <= 0) break
      spans.push(span)
      from = span[1]
    }
    return spans
  }

  #findNext(text: string, from: number, end: number, budget: { steps: number }): Span | undefined {
    let found: Span | undefined
    let ways: Ways = new Map()
    for (let at = from; ;) {
      if (!found) this.#reach(ways, this.#program.first, at, at, text.length)
      const began = ways.get(MATCH)
      // Of those that begin first, the one that ends last.
      if (began !== undefined && began < at && (!found || began <= found[0])) {
        found = [began, at]
        for (const [step, start] of ways) if (start > began) ways.delete(step)
      }
      budget.steps -= ways.size + 1
      if (at >= end || budget.steps <= 0 || (found && ways.size === 0)) return found
      const character = text.codePointAt(at)!
      at += character > 0xffff ? 2 : 1
      ways = this.#advance(ways, character, at, text.length)
    }
  }

  #advance(ways: Ways, character: number, at: number, length: number): Ways {
    const reached: Ways = new Map()
    for (const [place, start] of ways) {
      const step = this.#program.steps[place]!
      if (step.kind === 'set' && hasCharacter(step.set, character))
        this.#reach(reached, step.next, start, at, length)
    }
    return reached
  }

  /** Adds a step and those that it leads to without a character. */
  #reach(ways: Ways, first: number, start: number, at: number, length: number): void {
    const open = [first]
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const known = ways.get(place)
      if (known !== undefined && known <= start) continue
      ways.set(place, start)
      const step = this.#program.steps[place]!
      if (step.kind === 'split') open.push(...step.nexts)
      else if ((step.kind === 'start' && at === 0) || (step.kind === 'end' && at === length))
        open.push(step.next)
    }
  }
}

/** The first step of every program: a match has ended. */
const MATCH = 0

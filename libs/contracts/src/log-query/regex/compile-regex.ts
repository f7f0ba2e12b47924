import { withSmallLetters } from './char-sets.ts'
import type { CharSet, Regex } from './regex.ts'

/** One step of a machine that follows all ways through an expression at once; `next` is the index of the step behind it. */
export type Step =
  | { readonly kind: 'set'; readonly set: CharSet; readonly next: number }
  | { readonly kind: 'split'; readonly nexts: readonly number[] }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'match' }

export interface Program {
  readonly steps: readonly Step[]
  readonly first: number
}

/** @param ignoreCase for texts in lower case */
export function compileRegex(regex: Regex, ignoreCase: boolean): Program {
  const steps: Step[] = [{ kind: 'match' }]
  const add = (step: Step) => steps.push(step) - 1
  /** From the end to the beginning. @returns the first step */
  const compile = (part: Regex, next: number): number => {
    switch (part.kind) {
      case 'set':
        return add({ kind: 'set', set: ignoreCase ? folded(part) : part, next })
      case 'start':
      case 'end':
        return add({ kind: part.kind, next })
      case 'sequence':
        return part.items.reduceRight((behind, item) => compile(item, behind), next)
      case 'choice':
        return add({ kind: 'split', nexts: part.items.map((item) => compile(item, next)) })
      case 'repeat': {
        let first = next
        if (part.max === undefined) {
          // The loop leads back to itself, so that its place is taken before what it repeats.
          first = add({ kind: 'match' })
          steps[first] = { kind: 'split', nexts: [compile(part.item, first), next] }
        } else {
          for (let i = part.min; i < part.max; i++)
            first = add({ kind: 'split', nexts: [compile(part.item, first), next] })
        }
        for (let i = 0; i < part.min; i++) first = compile(part.item, first)
        return first
      }
    }
  }
  const first = compile(regex, 0)
  return { steps, first }
}

/** As it is compared with a text in lower case. */
export function folded(set: CharSet): CharSet {
  return { ...set, ranges: withSmallLetters(set.ranges) }
}

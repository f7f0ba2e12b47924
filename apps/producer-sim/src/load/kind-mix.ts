import { isKind, KINDS, type Kind } from '@runnel/contracts'
import { pickByShare, type Random } from './random.ts'

/** How often each kind comes, beside the others; 0 for never. At least one is above 0. */
export type KindWeights = Readonly<Record<Kind, number>>

interface KindShare {
  readonly kind: Kind
  readonly share: number
}

/** Kinds with their shares; the shares add up to 1. */
export type KindMix = readonly [KindShare, ...KindShare[]]

/**
 * @param text e.g. `logs` or `metrics=3,logs=1`; a kind without a weight has 1, one that is not named 0
 * @throws Error that says what would have been right
 */
export function parseKindWeights(text: string): KindWeights {
  const weights = new Map<Kind, number>()
  for (const part of text.split(',')) {
    const [name = '', weight = '1'] = part.trim().split('=')
    const isWeight = /^\d+(\.\d+)?$/.test(weight) && Number(weight) > 0
    if (!isKind(name) || weights.has(name) || !isWeight) {
      throw new Error('kinds with optional weights, like metrics=3,logs,products=0.5')
    }
    weights.set(name, Number(weight))
  }
  // The named ones come first, in their order.
  return { ...Object.fromEntries(weights), ...withoutNamed(weights) } as KindWeights
}

function withoutNamed(named: ReadonlyMap<Kind, number>): Partial<KindWeights> {
  return Object.fromEntries(KINDS.filter((kind) => !named.has(kind)).map((kind) => [kind, 0]))
}

/** @throws Error when no weight is above 0 */
export function mixOf(weights: KindWeights): KindMix {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  const [first, ...others] = Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([kind, weight]) => ({ kind: kind as Kind, share: weight / total }))
  if (first === undefined) throw new Error('no kind has a weight')
  return [first, ...others]
}

/** @throws Error that says what would have been right, see {@link parseKindWeights} */
export function parseKindMix(text: string): KindMix {
  return mixOf(parseKindWeights(text))
}

export function chooseKind(mix: KindMix, random: Random): Kind {
  return pickByShare(random, mix).kind
}

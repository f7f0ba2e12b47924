import { isKind, type Kind } from '@runnel/contracts'
import type { Random } from './random.ts'

/** Kinds with their shares; the shares add up to 1. */
export type KindMix = readonly { readonly kind: Kind; readonly share: number }[]

/**
 * @param text e.g. `logs` or `metrics=3,logs=1`; a kind without a weight has 1
 * @throws Error that says what was expected
 */
export function parseKindMix(text: string): KindMix {
  const weights = text.split(',').map((part) => {
    const [name = '', weight = '1'] = part.trim().split('=')
    if (!isKind(name) || !/^\d+(\.\d+)?$/.test(weight) || Number(weight) <= 0) {
      throw new Error('expected kinds with optional weights, like metrics=3,logs,products=0.5')
    }
    return { kind: name, weight: Number(weight) }
  })
  const total = weights.reduce((sum, { weight }) => sum + weight, 0)
  return weights.map(({ kind, weight }) => ({ kind, share: weight / total }))
}

export function chooseKind(mix: KindMix, random: Random): Kind {
  let left = random()
  for (const { kind, share } of mix) {
    left -= share
    if (left < 0) return kind
  }
  return mix.at(-1)?.kind ?? 'metrics'
}

import type { Setting } from '@runnel/runtime'
import { parseKindWeights, type KindWeights } from './load/kind-mix.ts'

/** A number with or without decimals. */
export function decimal(
  variable: string,
  fallback: number,
  description: string,
  { min, max }: { readonly min: number; readonly max: number },
): Setting<number> {
  return {
    variable,
    fallback: String(fallback),
    description,
    parse: (text) => {
      const value = Number(text)
      if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max)
        throw new Error(`a number from ${min} to ${max}`)
      return value
    },
  }
}

/** Kinds with weights, as `load --kinds` takes them. */
export function kindWeights(variable: string, fallback: string, description: string): Setting<KindWeights> {
  return { variable, fallback, description, parse: parseKindWeights }
}

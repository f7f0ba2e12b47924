import type { Regex } from './regex.ts'

/** Characters that a regular expression is made of, once its repetitions are written out; each part counts as one at least. */
export function sizeOf(regex: Regex): number {
  if (regex.kind === 'repeat') return Math.max(1, regex.max ?? regex.min) * sizeOf(regex.item) + 1
  if (regex.kind !== 'sequence' && regex.kind !== 'choice') return 1
  return regex.items.reduce((size, item) => size + sizeOf(item), 1)
}

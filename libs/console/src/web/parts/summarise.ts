/** What a list of values comes to; all null where there is none. */
export interface ValueSummary {
  readonly last: number | null
  readonly least: number | null
  readonly mean: number | null
  readonly most: number | null
}

/** @param values without null and undefined, which count for nothing */
export function summarise(values: readonly (number | null | undefined)[]): ValueSummary {
  const known = values.filter((value) => typeof value === 'number')
  if (known.length === 0) return { last: null, least: null, mean: null, most: null }
  return {
    last: known.at(-1)!,
    least: known.reduce((least, value) => Math.min(least, value)),
    mean: known.reduce((sum, value) => sum + value / known.length, 0),
    most: known.reduce((most, value) => Math.max(most, value)),
  }
}

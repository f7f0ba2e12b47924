/** Intervals that may lie between two values that are joined by a line: one of them may be missing. */
const JOINED_INTERVALS = 2

/**
 * Where a metric has values more rarely than the chart has steps, the steps between are nothing that is missing. They become undefined,
 * across which a chart draws its line. What is silent for longer stays null: a gap.
 *
 * @param values one per step
 * @param intervalMs what usually lies between two values; null where that is not known
 */
export function joinValues(
  values: readonly (number | null)[],
  stepMs: number,
  intervalMs: number | null,
): (number | null | undefined)[] {
  const joined: (number | null | undefined)[] = [...values]
  // Values stand anywhere within their steps.
  const reach = Math.floor((JOINED_INTERVALS * (intervalMs ?? 0)) / stepMs) + 1
  let last: number | undefined
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    if (last !== undefined && i - last <= reach) joined.fill(undefined, last + 1, i)
    last = i
  }
  return joined
}

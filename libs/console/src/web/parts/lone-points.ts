/**
 * Values without a neighbour to draw a line to: they are drawn as points, or would not be seen at all.
 *
 * @param values null is a gap, undefined is passed over
 * @returns their indices
 */
export function lonePoints(values: ArrayLike<number | null | undefined>): number[] {
  const lone: number[] = []
  let before: number | null = null
  let candidate: number | undefined
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === undefined) continue
    if (value === null || before !== null) {
      // What came before it is settled: it stands alone only where this is a gap.
      if (candidate !== undefined && value === null) lone.push(candidate)
      candidate = undefined
    } else candidate = i
    before = value
  }
  if (candidate !== undefined) lone.push(candidate)
  return lone
}

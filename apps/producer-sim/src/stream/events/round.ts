/** Fewer digits: what a real gauge would send. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

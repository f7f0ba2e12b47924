/** @returns the index of the first unit from there on that JSON does not take for a blank: JavaScript's trim takes more */
export function skipBlanks(text: string, from: number): number {
  let i = from
  while (isBlank(text.charCodeAt(i))) i++
  return i
}

/** Compared and not looked up: a body may be five million of them. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}

/** @returns undefined for what is no id: a whole number from 1 to 2^53 - 1, as people write it */
export function parseProductId(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^[1-9]\d{0,15}$/.test(text)) return undefined
  return Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}

/** Colours in the style sheet: --series-1 and so on. */
export const SERIES_COLORS = 12

/**
 * The colour of a series, by what it is called alone: the same in every chart, whatever else is shown. FNV-1a over its characters.
 *
 * @param key a name, or `tag=value`
 * @returns the number of a colour, from 1
 */
export function seriesColor(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  // The low bits alone differ little between short keys.
  return ((((hash >>> 0) ^ (hash >>> 15)) >>> 0) % SERIES_COLORS) + 1
}

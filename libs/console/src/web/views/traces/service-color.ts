/** Colours in the style sheet: --series-1 and so on. */
const COLORS = 8

/** The colour of a service: the same on every page, whatever other services are shown. FNV-1a over its characters. */
export function serviceColor(service: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < service.length; i++) hash = Math.imul(hash ^ service.charCodeAt(i), 0x01000193)
  return `var(--series-${((hash >>> 0) % COLORS) + 1})`
}

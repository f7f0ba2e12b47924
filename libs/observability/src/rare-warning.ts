/** One line for all that happened since the last one: what a stranger may cause at any rate may not fill the disk. */
const EVERY_MS = 60_000

/**
 * @param warn writes a line; `count`: how often it happened since the last one
 * @param nowMs monotonic milliseconds
 * @returns a function to call each time
 */
export function createRareWarning<Fields extends object>(
  warn: (fields: Fields & { readonly count: number }) => void,
  nowMs: () => number = () => performance.now(),
): (fields: Fields) => void {
  let count = 0
  let quietUntilMs = -Infinity
  return (fields) => {
    count++
    if (nowMs() < quietUntilMs) return
    quietUntilMs = nowMs() + EVERY_MS
    warn({ ...fields, count })
    count = 0
  }
}

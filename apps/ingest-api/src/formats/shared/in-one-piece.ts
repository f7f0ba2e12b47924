/**
 * A text that was put together with `+` is a tree of its pieces until a character of it is read. What waits for admission as trees, the
 * collector copies piece by piece: up to 12 us in place of 7 for a log, where other work is on the machine.
 *
 * @returns the same text
 */
export function inOnePiece(text: string): string {
  return Number.isNaN(text.charCodeAt(0)) ? '' : text
}

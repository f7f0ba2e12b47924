const PLACEHOLDER = /(<(?:[a-z]{2,5}|\*)>)/

/** A pattern as texts that stay the same, and between them, at odd places, what stands for what varies. */
export function splitPattern(pattern: string): string[] {
  return pattern.split(PLACEHOLDER)
}

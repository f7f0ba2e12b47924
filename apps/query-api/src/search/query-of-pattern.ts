import { writePattern, writePhrase } from '@runnel/contracts/log-query'
import { fixedParts } from './mask-message.ts'

/**
 * A query that finds every entry of a pattern. It may find others, too: a word varies by any text.
 *
 * @returns undefined where no word of the pattern stays the same
 */
export function queryOfPattern(pattern: string): string | undefined {
  const parts = fixedParts(pattern)
  if (!parts.some((part) => /[\p{L}\p{N}]/u.test(part))) return undefined
  return `message:${parts.length === 1 ? writePhrase(parts[0]!) : writePattern(parts)}`
}

import type { Page } from '@runnel/contracts/api/page'
import type { DeadLetter } from '../../api/dead-letters.ts'

/** Characters at which a file ends: it is put together in the memory of the browser. */
const MAX_CHARACTERS = 64 * 1024 ** 2

export interface CollectedLetters {
  /** Lines of NDJSON. */
  readonly lines: readonly string[]
  /** There are more than these. */
  readonly more: boolean
}

/** Reads page after page, until there is no more or a file is full. @param read a page from its cursor */
export async function collectLetters(
  read: (cursor: string | undefined) => Promise<Page<DeadLetter>>,
  maxCharacters = MAX_CHARACTERS,
): Promise<CollectedLetters> {
  const lines: string[] = []
  let characters = 0
  let cursor: string | null | undefined
  while (cursor !== null && characters < maxCharacters) {
    const page: Page<DeadLetter> = await read(cursor)
    for (const letter of page.items) {
      const line = `${JSON.stringify(letter)}\n`
      lines.push(line)
      characters += line.length
    }
    cursor = page.nextCursor
  }
  return { lines, more: cursor !== null }
}

import { readFileSync, statSync } from 'node:fs'

/** Far above any secret, key or list of authorities; a path that was mistaken for another reads no more than that. */
const MAX_BYTES = 1024 ** 2

/**
 * The text of a file that holds one setting, as secrets of containers do. Newlines at its end are removed.
 *
 * @throws Error whose message says what was expected; nothing of what the file holds is in it
 */
export function readSettingFile(path: string): string {
  const text = decode(readBytes(path)).replace(/[\r\n]+$/, '')
  if (text.trim() === '') throw new Error('a file that is not empty')
  return text
}

/**
 * The bytes of a small file that a setting names.
 *
 * @throws Error whose message says what was expected
 */
export function readBytes(path: string): Buffer {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw new Error('a file that exists')
  // A pipe would be read once, and wait for a writer.
  if (!stats.isFile()) throw new Error('a regular file')
  if (stats.size > MAX_BYTES) throw new Error(`a file of at most ${MAX_BYTES} bytes`)
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`a file that can be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause: error,
    })
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Error('text in UTF-8', { cause: error })
  }
}

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { CommandError } from '../command-error.ts'

/** A file as it was when it was opened: later changes of its length do not matter. */
export interface OpenedFile {
  readonly path: string
  readonly bytes: number
  /** LF characters: an estimate of the entries for progress bars. */
  readonly lines: number
  /** Short hash of name and content. */
  readonly identity: string
  /** Everything before the position in {@link eventId}. */
  readonly keyPrefix: string
  /** The idempotency key of the entry at a position: the same for every replay of the same file. */
  eventId(position: number): string
}

const LF = 0x0a

/**
 * Reads a file once to give it an identity. The whole content counts, so that two files that merely begin alike
 * share no key and lose no event; the name counts because metrics are named after it.
 *
 * @param salt another one makes other keys: the file is replayed as new events
 * @throws CommandError when the file cannot be read
 */
export async function openFile(path: string, salt = ''): Promise<OpenedFile> {
  const hash = createHash('sha256').update(`${basename(path)}\0${salt}\0`)
  let bytes = 0
  let lines = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) lines++
    }
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${(error as Error).message}`, 2, error)
  }
  const identity = hash.digest('base64url').slice(0, 22)
  const keyPrefix = `replay:${identity}:`
  return { path, bytes, lines, identity, keyPrefix, eventId: (position) => `${keyPrefix}${position}` }
}

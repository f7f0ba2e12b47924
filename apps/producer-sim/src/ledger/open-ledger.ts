import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'
import type { LedgerLine } from './ledger-line.ts'

/** An append-only NDJSON file of what a server has acknowledged. */
export interface LedgerWriter {
  /**
   * Resolves once the line is taken; a slow disk makes it wait, so that lines never gather in memory.
   *
   * @throws CommandError when writing failed, at this line or before
   */
  append(line: LedgerLine): Promise<void>
  /** Writes out what is left. */
  close(): Promise<void>
}

/** @throws CommandError when the file cannot be opened for appending */
export async function openLedger(path: string): Promise<LedgerWriter> {
  const torn = await endsWithinLine(path)
  const stream = createWriteStream(path, { flags: 'a' })
  let failure: CommandError | undefined
  stream.on('error', (error) => (failure = cannotWrite(path, error)))
  // One promise for all waiting writers: the stream drains for all of them at once.
  let room = Promise.withResolvers<void>()
  for (const event of ['drain', 'close']) {
    stream.on(event, () => {
      room.resolve()
      room = Promise.withResolvers<void>()
    })
  }
  if (torn) stream.write('\n')
  return {
    append: async (line) => {
      if (failure) throw failure
      if (!stream.write(`${JSON.stringify(line)}\n`)) await room.promise
      if (failure) throw failure
    },
    close: async () => {
      if (!failure) await new Promise<void>((resolve) => stream.end(resolve))
      if (failure) throw failure
    },
  }
}

/** A run that was killed may have left half a line; the next one must not continue it. */
async function endsWithinLine(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'a+')
    try {
      const { size } = await file.stat()
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))
      return size > 0 && buffer[0] !== 0x0a
    } finally {
      await file.close()
    }
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

function cannotWrite(path: string, error: unknown): CommandError {
  return new CommandError(`cannot write the ledger ${path}: ${(error as Error).message}`, 1, error)
}

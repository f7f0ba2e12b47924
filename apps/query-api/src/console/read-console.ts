import { glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createConsoleFile, type ConsoleFile } from './console-file.ts'

/** Files of the console by their names below /console/. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>

const MAX_FILES = 500
/** Of all of them, before they are compressed. */
const MAX_BYTES = 32 * 1024 ** 2

/** A build may put another folder in this one's place at any moment; it does so once. */
const TRIES = 3

/**
 * Reads the built console into memory, so that no request reaches the disk. Without a build there are no files.
 *
 * @throws Error where the folder holds more than any console does
 */
export async function readConsole(folder: string): Promise<ConsoleFiles> {
  for (let tries = 1; ; tries++) {
    try {
      return await readAll(folder)
    } catch (error) {
      const replaced = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!replaced || tries === TRIES) throw error
    }
  }
}

async function readAll(folder: string): Promise<ConsoleFiles> {
  const files = new Map<string, ConsoleFile>()
  let bytes = 0
  for await (const name of glob('**/*', { cwd: folder })) {
    // The build leaves a note of its own, and compressed copies.
    if (/^\.|\.(br|gz)$/.test(name)) continue
    const path = join(folder, name)
    const found = await stat(path)
    if (!found.isFile()) continue
    bytes += found.size
    if (files.size >= MAX_FILES || bytes > MAX_BYTES)
      throw new Error(`${folder} holds too much for a console`)
    files.set(name.replaceAll('\\', '/'), await createConsoleFile(name, await readFile(path)))
  }
  return files
}

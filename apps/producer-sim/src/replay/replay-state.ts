import { isJsonObject, type JsonValue } from '@runnel/contracts'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'

/**
 * How far unfinished replays came: entries that are confirmed, by target and file. Kept in a small JSON file, which is
 * there only while there are any.
 */
export interface ReplayState {
  /** @returns confirmed entries from the start of the file; 0 for one that is unknown or finished */
  confirmed(key: string): number
  /** Keeps a position; undefined forgets it. Written with a rename, so that no crash leaves half a file. */
  save(key: string, confirmed: number | undefined): Promise<void>
}

/** Replays that were given up for good would otherwise gather here for ever; the oldest go first. */
const MAX_ENTRIES = 1000

/** @throws CommandError when the file is there and is no state file */
export async function openReplayState(path: string): Promise<ReplayState> {
  const positions = await load(path)
  let writing = Promise.resolve()
  const write = async () => {
    const temporary = `${path}.${process.pid}.tmp`
    const content = { version: 1, confirmed: Object.fromEntries([...positions].slice(-MAX_ENTRIES)) }
    try {
      if (positions.size === 0) return await rm(path, { force: true })
      await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`)
      await rename(temporary, path)
    } catch (error) {
      throw new CommandError(`cannot write the state file ${path}: ${(error as Error).message}`, 1, error)
    }
  }
  return {
    confirmed: (key) => positions.get(key) ?? 0,
    save: (key, confirmed) => {
      const known = positions.delete(key)
      if (!known && confirmed === undefined) return writing
      if (confirmed !== undefined) positions.set(key, confirmed)
      // One write at a time; each writes what is newest when its turn comes.
      writing = writing.then(write, write)
      return writing
    },
  }
}

async function load(path: string): Promise<Map<string, number>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw new CommandError(`cannot read the state file ${path}: ${(error as Error).message}`, 2, error)
  }
  const confirmed = parseState(text)
  if (!confirmed) throw new CommandError(`${path} is not a state file of replay; name another with --state`)
  return confirmed
}

function parseState(text: string): Map<string, number> | undefined {
  try {
    const value = JSON.parse(text) as JsonValue
    if (!isJsonObject(value) || value['version'] !== 1 || !isJsonObject(value['confirmed'])) return undefined
    const entries = Object.entries(value['confirmed'])
    return new Map(entries.filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1])))
  } catch {
    return undefined
  }
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

/** Another process works on the folder. */
export class FolderInUseError extends Error {
  /** @param owner the process that holds it, where that is known */
  constructor(folder: string, owner: string | undefined, cause?: unknown) {
    super(`${folder} is in use by ${owner === undefined ? 'another process' : `process ${owner}`}`, { cause })
    this.name = 'FolderInUseError'
  }
}

const LOCK_FILE = 'lock'
const OWNER_FILE = 'lock.pid'
const SQLITE_BUSY = 5

/**
 * Takes a folder for this process alone: two PGlite on one folder lose rows. The kernel holds the lock (an exclusive
 * transaction of SQLite, which Node brings: fcntl here, LockFileEx on Windows), so that it ends with the process
 * however that dies, and no pid is ever mistaken for another. The pid beside it is for people.
 *
 * @returns a function that lets go
 * @throws FolderInUseError
 */
export async function lockDataFolder(folder: string): Promise<() => void> {
  // Only who needs it loads it.
  const { DatabaseSync } = await import('node:sqlite')
  // One that is there already may hold other people's files: only what is made here is closed to them.
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 })
  const ownerFile = join(folder, OWNER_FILE)
  try {
    begin(lock)
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    throw new FolderInUseError(folder, readOwner(ownerFile), error)
  }
  writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 })
  return () => {
    if (lock.isOpen) lock.close()
  }
}

/** Nothing is ever written to it, so that no journal has to outlive the process. */
function begin(lock: DatabaseSync): void {
  lock.exec('pragma journal_mode = memory')
  lock.exec('begin exclusive')
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch {
    // It has the lock and has not said who it is yet.
    return undefined
  }
}

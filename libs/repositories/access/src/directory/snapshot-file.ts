import { acceptedSecrets } from '@runnel/runtime'
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { decodeChanges, encodeChanges, type KeyChanges } from './key-changes.ts'
import { seal, unseal } from './seal.ts'

export interface SnapshotOptions {
  /** On a disk that outlives the process. */
  readonly file: string
  /** Only this setting makes a file believed: it is none of those that other apps know. */
  readonly secret: string
  /** A file that this one signed is believed too, while the secret is rotated. */
  readonly secretSecond?: string
}

/**
 * Keys as of a time, for a start without PostgreSQL: only hashes, signed. `atMs` is when they were last confirmed, by the
 * machine's clock: a start makes them no younger.
 *
 * @returns undefined where there is no file
 * @throws Error where it was not signed by these secrets, or is malformed
 */
export async function readSnapshot({
  file,
  secret,
  secretSecond,
}: SnapshotOptions): Promise<KeyChanges | undefined> {
  const sealed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (sealed === undefined) return undefined
  const text = unseal(acceptedSecrets(secret, secretSecond), 'key-snapshot', sealed)
  if (text === undefined) throw new Error(`${file} was not signed with KEYS_SNAPSHOT_SECRET, or was changed`)
  return decodeChanges(text)
}

/**
 * Writes a snapshot in place of the one before, whole or not at all. One of a later version stays: another process on the same
 * file may know more.
 */
export async function writeSnapshot(options: SnapshotOptions, changes: KeyChanges): Promise<void> {
  const before = await readSnapshot(options).catch(() => undefined)
  if (before !== undefined && before.version > changes.version) return
  const next = `${options.file}.${randomUUID()}`
  try {
    const sealed = seal(options.secret, 'key-snapshot', encodeChanges(changes))
    await writeFile(next, sealed, { mode: 0o600, flush: true })
    await rename(next, options.file)
  } catch (error) {
    await rm(next, { force: true })
    throw error
  }
}

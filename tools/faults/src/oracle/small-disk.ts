import { unprivilegedUser } from '@runnel/testing'
import { execFileSync } from 'node:child_process'
import { chownSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

/** More than the data of an hour. Memory is used as far as it is filled. */
const SIZE = '2g'
const BLOCK = Buffer.alloc(4 * 1024 ** 2)

/** A disk of its own for the tables of the run, which can be filled up. */
export interface SmallDisk extends Disposable {
  /** Takes all the room that is left. */
  fill(): void
  /** Gives it back. */
  clear(): void
}

/**
 * Moves the tables of a fresh database to a disk of their own.
 *
 * @returns undefined where this process may not mount one
 */
export async function mountSmallDisk(databaseUrl: string): Promise<SmallDisk | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
  const filler = join(folder, 'filler')
  const clear = () => rmSync(filler, { force: true })
  const disk: SmallDisk = {
    fill: () => fillUp(filler),
    clear,
    [Symbol.dispose]: () => {
      execFileSync('umount', ['--lazy', folder])
      rmSync(folder, { recursive: true })
    },
  }
  try {
    await moveTables(databaseUrl, folder)
    return disk
  } catch (error) {
    disk[Symbol.dispose]()
    throw error
  }
}

async function moveTables(databaseUrl: string, folder: string): Promise<void> {
  const user = unprivilegedUser()
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const other = new URL(databaseUrl)
  const name = other.pathname.slice(1)
  other.pathname = '/template1'
  const client = new Client({ connectionString: other.href })
  await client.connect()
  try {
    await client.query(`create tablespace runnel_disk location '${folder}'`)
    await client.query(`alter database ${client.escapeIdentifier(name)} set tablespace runnel_disk`)
  } finally {
    await client.end()
  }
}

function fillUp(file: string): void {
  const filler = openSync(file, 'w')
  try {
    for (const block of [BLOCK, BLOCK.subarray(0, 4096)]) for (;;) if (!writesWhole(filler, block)) break
  } finally {
    closeSync(filler)
  }
}

function writesWhole(file: number, block: Buffer): boolean {
  try {
    return writeSync(file, block) === block.length
  } catch {
    // No space left.
    return false
  }
}

import { closeSync, existsSync, fsyncSync, openSync, statfsSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface DiskLimits {
  /** Bytes that stay free: below, nothing is written any more. One transaction and its log have to fit. */
  readonly reserveBytes: number
  /** Size of the file that is given up when the reserve is reached, so that recovery and a checkpoint have room. */
  readonly ballastBytes: number
  /** Bytes that may still be written on the disk of a folder; by default the file system says so. */
  readonly freeBytes?: (folder: string) => number
}

const BALLAST = 'ballast'
/** With less, PostgreSQL cannot recover: it hangs in the middle of it. */
const MIN_BYTES = 4 * 1024 ** 2
const BLOCK = Buffer.alloc(1024 ** 2)

/**
 * Says whether the disk of a folder has room to write. PostgreSQL that meets a full disk in the middle of a commit ends
 * itself, and cannot start before there is room: so the end is seen in advance.
 *
 * Below the reserve it is full, and the ballast, a file beside the data, is emptied. It has room again once the reserve, a
 * quarter of it, and the ballast fit; the ballast is filled again then. A disk that never had room for a ballast goes without.
 */
export class DiskGuard {
  readonly #folder: string
  readonly #limits: DiskLimits
  #full = false
  /** Whether there was a ballast, which has to come back before anything else is written. */
  #owesBallast: boolean

  /** Empties the ballast: what comes next may be a recovery. */
  constructor(folder: string, limits: DiskLimits) {
    this.#folder = folder
    this.#limits = limits
    this.#owesBallast = this.#release()
  }

  get full(): boolean {
    return this.#full
  }

  /** Whether a checkpoint and a recovery have the little room that they need. */
  hasRoomToRecover(): boolean {
    return this.free() >= MIN_BYTES
  }

  /** Bytes that a user may still write. @throws what statfs throws */
  free(): number {
    const { freeBytes = readFreeBytes } = this.#limits
    return freeBytes(this.#folder)
  }

  /** Call it once after the start: the ballast is laid where there is room, else the disk is full from the beginning. */
  start(): void {
    this.#full = this.free() < (this.#owesBallast ? this.#resumeBytes() : this.#limits.reserveBytes)
    if (!this.#full) this.#layBallastIfItFits()
  }

  /** Measures. @returns whether it is full now */
  look(): boolean {
    const free = this.free()
    if (!this.#full && free < this.#limits.reserveBytes) {
      this.#full = true
      this.#owesBallast = this.#release()
    } else if (this.#full && free >= this.#resumeBytes()) {
      this.#layBallastIfItFits()
      this.#full = false
    }
    return this.#full
  }

  #resumeBytes(): number {
    const { reserveBytes, ballastBytes } = this.#limits
    return reserveBytes * 1.25 + (this.#owesBallast ? ballastBytes : 0)
  }

  /** @returns whether there was a ballast */
  #release(): boolean {
    const file = join(this.#folder, BALLAST)
    if (!existsSync(file)) return false
    // Emptied, not removed: its name says that it is owed, whatever happens to this process.
    truncateSync(file)
    return true
  }

  /** With blocks that are really taken. */
  #layBallastIfItFits(): void {
    const { reserveBytes, ballastBytes } = this.#limits
    if (this.free() < reserveBytes * 1.25 + ballastBytes) return
    const file = openSync(join(this.#folder, BALLAST), 'w', 0o600)
    try {
      for (let bytes = 0; bytes < this.#limits.ballastBytes; bytes += BLOCK.length) writeSync(file, BLOCK)
      fsyncSync(file)
      this.#owesBallast = true
    } catch {
      // Another program was faster to use the room.
      this.#owesBallast = this.#release()
    } finally {
      closeSync(file)
    }
  }
}

function readFreeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

import type { PGlite, PGliteOptions as DriverOptions } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { COLUMN_PARSERS } from '../column-types.ts'
import type { Database } from '../database.ts'
import type { Schema } from '../schema.ts'
import { DiskGuard, type DiskLimits } from './disk-guard.ts'
import { guardWrites, nameFullDisk, type GuardOptions } from './guard-writes.ts'
import { lockDataFolder } from './lock-data-folder.ts'

export interface PGliteOptions {
  /** Where the data lie; it is made where it is missing, and belongs to this process until it closes. */
  readonly folder: string
  /** False: a folder without data is refused. */
  readonly create?: boolean
  /** Rows that one read may look at; by default about as many as hold everything up for a second. */
  readonly maxScanRows?: number
  /** Without it, the disk is not measured. */
  readonly disk?: DiskLimits & Pick<GuardOptions, 'onChange'>
  /** Called when PostgreSQL has broken down inside of this process: only a new process helps. */
  readonly onFatal: (error: unknown) => void
}

/** Inside of the folder, beside the lock. */
const DATA = 'pglite'

/** For the user of this process alone: it holds clients and their phone numbers. */
const PRIVATE = 0o700

const MAX_SCAN_ROWS = 1_000_000

const BYTEA = 17

/** The folder holds no data of Runnel. */
export class NoDataError extends Error {
  constructor(folder: string) {
    super(`${folder} holds no data`)
    this.name = 'NoDataError'
  }
}

/** There is too little room even to open the database. */
export class DiskFullError extends Error {
  constructor(folder: string, freeBytes: number) {
    const free = (freeBytes / 1024 ** 2).toFixed(1)
    super(`The disk of ${folder} is full (${free} MB free): make room, then start again`)
    this.name = 'DiskFullError'
  }
}

/** Shared buffers are memory of this process: 32 MB in place of 128. */
const START_PARAMETERS = ['-c', 'shared_buffers=32MB', '-c', 'max_wal_size=64MB', '-c', 'min_wal_size=16MB']

/** Segments of 1 MB in place of 16 keep a young folder small. */
const INIT_PARAMETERS = ['--wal-segsize=1']

/**
 * PostgreSQL inside of this process, on a folder. Commits are with the file system before they are reported: they
 * survive the death of the process, not a power loss. There is one connection: statements take turns, a transaction
 * keeps all others waiting, and inside of one only `trx` may be used, for the outer handle would wait for ever.
 * statement_timeout does nothing; reads are bounded by rows instead. A process that writes much runs {@link housekeepPGlite} beside it.
 *
 * @throws FolderInUseError when another process has the folder, NoDataError, DiskFullError
 */
export async function connectPGlite(options: PGliteOptions): Promise<Database> {
  const { folder, create = true, maxScanRows = MAX_SCAN_ROWS, disk, onFatal } = options
  if (!create && !existsSync(join(folder, DATA))) throw new NoDataError(folder)
  const unlock = await lockDataFolder(folder)
  try {
    const guard = disk && new DiskGuard(folder, disk)
    if (guard && !guard.hasRoomToRecover()) throw new DiskFullError(folder, guard.free())
    const pglite = await open(folder)
    const closing = new AbortController()
    const guarding = guard && guardWrites(pglite, guard, { signal: closing.signal, onChange: disk!.onChange })
    guarding?.catch(onFatal)
    const kysely = new Kysely<Schema>({
      dialect: new PGliteDialect({
        pglite,
        onCreateConnection: async (connection) => nameFullDisk(connection),
      }),
      log: (event) => {
        if (event.level === 'error' && isBreakdown(event.error)) onFatal(event.error)
      },
    })
    const close = async () => {
      closing.abort()
      await guarding
      await kysely.destroy()
      // Kysely closes only what it has used.
      if (!pglite.closed) await pglite.close()
      unlock()
    }
    const isFull = guard && (() => guard.full)
    return {
      ...{ kysely, sessions: kysely, canCopy: false, connections: 1, maxScanRows },
      ...(isFull && { isFull }),
      close,
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** A new folder is filled under another name: a process that dies meanwhile leaves no half of a database. */
async function open(folder: string): Promise<PGlite> {
  // Megabytes of WebAssembly, which apps on a server never need.
  const { PGlite } = await import('@electric-sql/pglite')
  const create = (dataDir: string): Promise<PGlite> => {
    const options: DriverOptions = {
      dataDir,
      relaxedDurability: false,
      parsers: { ...COLUMN_PARSERS, [BYTEA]: parseBytea },
      startParams: [...PGlite.defaultStartParams, ...START_PARAMETERS],
      initDbStartParams: INIT_PARAMETERS,
    }
    return PGlite.create(options)
  }
  const dataDir = join(folder, DATA)
  if (!existsSync(dataDir)) {
    const unfinished = `${dataDir}.new`
    rmSync(unfinished, { recursive: true, force: true })
    mkdirSync(unfinished, { mode: PRIVATE })
    await (await create(unfinished)).close()
    renameSync(unfinished, dataDir)
  }
  // Earlier versions left it open to every user of the machine.
  chmodSync(dataDir, PRIVATE)
  return create(dataDir)
}

/** As the driver for servers gives it: PostgreSQL writes `\x` and hexadecimal digits. */
function parseBytea(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex')
}

/**
 * WebAssembly that was aborted, a PostgreSQL that called exit(), or one in disorder: where a server would end itself
 * (a write-ahead log that cannot be written), PGlite goes on and answers every query with an internal error.
 */
function isBreakdown(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { name?: string; code?: unknown }
  return name === 'RuntimeError' || name === 'ExitStatus' || String(code).startsWith('XX')
}

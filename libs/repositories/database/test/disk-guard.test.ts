import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toDatabaseError } from '../src/to-database-error.ts'
import { connectPGlite, DiskFullError } from '../src/pglite/connect-pglite.ts'
import { DiskGuard } from '../src/pglite/disk-guard.ts'
import { makePGliteFolder } from './open-test-database.ts'

const MB = 1024 ** 2
const LIMITS = { reserveBytes: 16 * MB, ballastBytes: 8 * MB }

describe('the guard of a disk', () => {
  let folder: string
  /** What others leave of the disk; the ballast takes its part of it. */
  let disk: number
  const ballast = () => (existsSync(join(folder, 'ballast')) ? statSync(join(folder, 'ballast')).size : 0)
  const open = () => new DiskGuard(folder, { ...LIMITS, freeBytes: () => disk - ballast() })
  const start = () => {
    const guard = open()
    guard.start()
    return guard
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runnel-disk-'))
    disk = 100 * MB
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('lays a ballast where there is room, and gives it up when only the reserve is left', () => {
    const guard = start()
    expect([guard.full, ballast()]).toEqual([false, 8 * MB])
    disk = 8 * MB + 16 * MB
    expect(guard.look()).toBe(false)
    disk--
    expect(guard.look()).toBe(true)
    expect(ballast()).toBe(0)
  })

  it('is full until reserve, a quarter of it and the ballast fit, and lays the ballast first', () => {
    const guard = start()
    disk = 20 * MB
    guard.look()
    disk = 28 * MB - 1
    expect([guard.look(), ballast()]).toEqual([true, 0])
    disk = 28 * MB
    expect([guard.look(), ballast()]).toEqual([false, 8 * MB])
  })

  it('does not take the room of the ballast for room after a restart', () => {
    const guard = start()
    disk = 20 * MB
    guard.look()
    disk = 27 * MB
    expect(start().full).toBe(true)
    disk = 28 * MB
    expect(start().full).toBe(false)
  })

  it('gives the ballast up at a start, for the recovery, and lays it again', () => {
    start()
    const guard = open()
    expect(ballast()).toBe(0)
    guard.start()
    expect(ballast()).toBe(8 * MB)
  })

  it('goes without a ballast on a disk that never had room for one, until it has', () => {
    disk = 20 * MB
    const guard = start()
    expect([guard.full, ballast()]).toEqual([false, 0])
    disk = 15 * MB
    expect(guard.look()).toBe(true)
    disk = 20 * MB
    expect([guard.look(), ballast()]).toEqual([false, 0])
    disk = 15 * MB
    guard.look()
    disk = 90 * MB
    expect([guard.look(), ballast()]).toEqual([false, 8 * MB])
  })
})

describe('PGlite on a disk that is full', () => {
  let folder: string

  beforeEach(async () => {
    folder = await makePGliteFolder()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const fatal = (error: unknown): never => {
    throw error
  }

  it('reads, refuses every write with the code of a server, tidies up, and writes again once there is room', async () => {
    let free = 100 * MB
    const changes: boolean[] = []
    const onChange = (full: boolean): unknown => changes.push(full)
    const disk = { reserveBytes: 20 * MB, ballastBytes: 0, freeBytes: () => free, onChange }
    const database = await connectPGlite({ folder, disk, onFatal: fatal })
    await sql`create table seen (n int)`.execute(database.kysely)
    await sql`insert into seen values (1)`.execute(database.kysely)
    free = 10 * MB
    await eventually(() => changes.length === 1)
    expect(database.isFull!()).toBe(true)
    const refused = [
      sql`insert into seen values (2)`.execute(database.kysely),
      sql`with gone as (delete from seen returning 1) select * from gone`.execute(database.kysely),
      database.kysely.transaction().execute((trx) => sql`update seen set n = 3`.execute(trx)),
    ]
    for (const write of refused) {
      const error = await write.then(fatal, (reason: unknown) => reason)
      expect(toDatabaseError(error)).toMatchObject({ code: 'storage_full' })
    }
    expect((await sql`select n from seen`.execute(database.kysely)).rows).toEqual([{ n: 1 }])
    free = 100 * MB
    await eventually(() => changes.length === 2)
    await sql`insert into seen values (2)`.execute(database.kysely)
    await database.close()
    expect(changes).toEqual([true, false])
  })

  it('is not opened where it could not recover', async () => {
    const disk = { reserveBytes: MB, ballastBytes: 0, freeBytes: () => MB, onChange: () => undefined }
    await expect(connectPGlite({ folder, disk, onFatal: fatal })).rejects.toThrow(DiskFullError)
    const again = await connectPGlite({ folder, onFatal: fatal })
    await again.close()
  })
})

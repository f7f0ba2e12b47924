import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrateToLatest } from '../src/migrator.ts'
import { connectPGlite } from '../src/pglite/connect-pglite.ts'
import { FolderInUseError } from '../src/pglite/lock-data-folder.ts'
import { checkpointWhenDue } from '../src/pglite/housekeep-pglite.ts'
import { makePGliteFolder } from './open-test-database.ts'

const SOURCE = join(import.meta.dirname, '../src/index.ts')

describe('PGlite on a folder', () => {
  let folder: string

  beforeEach(async () => {
    folder = await makePGliteFolder()
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const connect = () =>
    connectPGlite({
      folder,
      onFatal: (error) => {
        throw error
      },
    })

  /** Another process that takes the folder and does something with it until it is killed. */
  const startOwner = (work: string) => {
    const program = `
      import { connectPGlite } from ${JSON.stringify(SOURCE)}
      import { sql } from 'kysely'
      const { kysely } = await connectPGlite({ folder: ${JSON.stringify(folder)}, onFatal: () => process.exit(1) })
      ${work}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    return { child, exited, output: () => output }
  }

  it('is for its own user alone, also where an earlier version left it open', async () => {
    chmodSync(join(folder, 'pglite'), 0o755)
    await (await connect()).close()
    expect(statSync(join(folder, 'pglite')).mode & 0o777).toBe(0o700)
    const made = join(folder, 'made')
    const database = await connectPGlite({ folder: made, onFatal: () => undefined })
    for (const path of [made, join(made, 'pglite')]) expect(statSync(path).mode & 0o777).toBe(0o700)
    await database.close()
  })

  it('keeps every row whose commit was reported when the process is killed', async () => {
    const { child, exited, output } = startOwner(`
      await sql\`create table seen (n int)\`.execute(kysely)
      for (let n = 1; ; n++) {
        await sql\`insert into seen values (\${n})\`.execute(kysely)
        process.stdout.write(n + '\\n')
      }`)
    await eventually(() => output().split('\n').length > 200)
    child.kill('SIGKILL')
    await exited
    const reported = output().trimEnd().split('\n').length
    const database = await connect()
    const { rows } = await sql<{ n: number; last: number }>`
      select count(*) as n, max(n) as last from seen`.execute(database.kysely)
    expect(rows[0]!.n).toBeGreaterThanOrEqual(reported)
    expect(rows[0]!.last).toBe(rows[0]!.n)
    await database.close()
  })

  it('refuses a folder that another process has, names it, and takes it over once that was killed', async () => {
    const { child, exited, output } = startOwner(`console.log('mine'); setInterval(() => {}, 1000)`)
    await eventually(() => output().includes('mine'))
    await expect(connect()).rejects.toThrow(`${folder} is in use by process ${child.pid}`)
    child.kill('SIGKILL')
    await exited
    await (await connect()).close()
  })

  it('refuses a second handle of the same process, and gives the folder back when it closes', async () => {
    const database = await connect()
    await expect(connect()).rejects.toThrow(FolderInUseError)
    await database.close()
    await (await connect()).close()
  })

  it('is not misled by the pid that a killed process left, even where that lives', async () => {
    writeFileSync(join(folder, 'lock.pid'), `${process.ppid}\n`)
    await (await connect()).close()
  })

  it('starts anew where a process died while it made the folder', async () => {
    rmSync(join(folder, 'pglite'), { recursive: true })
    mkdirSync(join(folder, 'pglite.new'))
    writeFileSync(join(folder, 'pglite.new/PG_VERSION'), '18\n')
    const database = await connect()
    expect(await migrateToLatest(database)).not.toHaveLength(0)
    await database.close()
    expect(existsSync(join(folder, 'pglite.new'))).toBe(false)
  })

  it('reports when it has broken down, for queries would fail for ever', async () => {
    const reported: unknown[] = []
    const database = await connectPGlite({ folder, onFatal: (error) => reported.push(error) })
    await sql`create table bulk (text text)`.execute(database.kysely)
    rmSync(join(folder, 'pglite/pg_wal'), { recursive: true })
    const write = sql`insert into bulk select repeat('x', 1000) from generate_series(1, 3000)`
    await expect(write.execute(database.kysely)).rejects.toThrow()
    expect(reported).not.toHaveLength(0)
    await database.close().catch(() => undefined)
  })

  it('writes checkpoints, so that the write-ahead log does not grow for ever', async () => {
    const database = await connect()
    expect(await checkpointWhenDue(database)).toBe(false)
    await sql`create table bulk as select repeat('x', 200) as text from generate_series(1, 200000)`.execute(
      database.kysely,
    )
    expect(await checkpointWhenDue(database)).toBe(true)
    expect(await checkpointWhenDue(database)).toBe(false)
    await database.close()
  })
})

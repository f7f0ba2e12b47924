import { it } from '@jest/globals'
import { createTestDatabase, runIf } from '@runnel/testing'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectDatabase, type Database } from '../src/database.ts'
import { migrateToLatest } from '../src/migrator.ts'
import { connectPGlite } from '../src/pglite/connect-pglite.ts'

/** What the repositories run on: every contract test runs on both. */
export const ENGINES = ['postgres', 'pglite'] as const

export type Engine = (typeof ENGINES)[number]

/**
 * `it` for what is about several connections at once: that can only be seen on a server, for PGlite has one. There it is
 * reported as skipped.
 */
export const itConcurrently = (engine: Engine) =>
  runIf(engine === 'postgres', it, 'PGlite has one connection')

export interface OpenTestDatabase extends Database {
  /** Closes it and removes its data. */
  drop(): Promise<void>
}

/** A migrated database of this test's own. */
export function openTestDatabase(engine: Engine = 'postgres'): Promise<OpenTestDatabase> {
  return engine === 'postgres' ? openPostgres() : openPGlite()
}

async function openPostgres(): Promise<OpenTestDatabase> {
  const made = await createTestDatabase()
  const database = connectDatabase({
    url: made.url,
    applicationName: 'test',
    poolSize: 8,
    statementTimeoutMs: 10_000,
  })
  const drop = async () => {
    await database.close()
    await made.drop()
  }
  return { ...database, drop }
}

async function openPGlite(): Promise<OpenTestDatabase> {
  const folder = await makePGliteFolder()
  const database = await connectPGlite({ folder, onFatal: throwIt })
  await migrateToLatest(database)
  const drop = async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...database, drop }
}

/** A folder with an empty database of PGlite, for the caller to remove. */
export async function makePGliteFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-pglite-'))
  cpSync(await findTemplate(), folder, { recursive: true })
  return folder
}

/** An empty folder as PGlite makes it, kept from run to run: making it takes seconds. */
async function findTemplate(): Promise<string> {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const { version } = JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8')) as {
    version: string
  }
  const template = join(tmpdir(), `runnel-pglite-template-${version}-${process.getuid?.() ?? 0}`)
  if (existsSync(template)) return template
  const making = mkdtempSync(`${template}-`)
  const database = await connectPGlite({ folder: making, onFatal: throwIt })
  await database.close()
  try {
    renameSync(making, template)
  } catch {
    // Another test file was faster.
    rmSync(making, { recursive: true, force: true })
  }
  return template
}

function throwIt(error: unknown): never {
  throw error
}

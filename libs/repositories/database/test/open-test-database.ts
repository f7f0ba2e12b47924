import { it } from '@jest/globals'
import { createTestDatabase, hashMigrations, runIf } from '@runnel/testing'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connectDatabase, type Database } from '../src/database.ts'
import { migrateToLatest } from '../src/migrator.ts'
import { connectPGlite } from '../src/pglite/connect-pglite.ts'

/** What the repositories run on: every contract test runs on both. */
export const ENGINES = ['postgres', 'pglite'] as const

const TEMPLATE_DAYS = 2

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
  const folder = await copyTemplate(`migrated-${hashMigrations()}`, migrateToLatest)
  const database = await connectPGlite({ folder, onFatal: throwIt })
  const drop = async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...database, drop }
}

/** A folder with an empty database of PGlite, for the caller to remove. */
export function makePGliteFolder(): Promise<string> {
  return copyTemplate('empty', () => Promise.resolve())
}

/** A folder of the caller's own, with the database that PGlite made once and `prepare` filled. */
async function copyTemplate(
  content: string,
  prepare: (database: Database) => Promise<unknown>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-pglite-'))
  cpSync(await findTemplate(content, prepare), folder, { recursive: true })
  return folder
}

/** Kept from run to run, for some days: PGlite takes seconds to make a database, and one more to migrate it. */
async function findTemplate(
  content: string,
  prepare: (database: Database) => Promise<unknown>,
): Promise<string> {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const { version } = JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8')) as {
    version: string
  }
  const prefix = `runnel-pglite-template-${process.getuid?.() ?? 0}-`
  const template = join(tmpdir(), `${prefix}${version}-${content}`)
  if (existsSync(template)) return template
  removeOldTemplates(prefix)
  const making = mkdtempSync(`${template}-`)
  const database = await connectPGlite({ folder: making, onFatal: throwIt })
  await prepare(database)
  await database.close()
  try {
    renameSync(making, template)
  } catch {
    // Another test file was faster.
    rmSync(making, { recursive: true, force: true })
  }
  return template
}

/** Of earlier states of the migrations. What is younger may be in use by another run. */
function removeOldTemplates(prefix: string): void {
  const oldest = Date.now() - TEMPLATE_DAYS * 86_400_000
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const template = join(tmpdir(), name)
    if (statSync(template).mtimeMs < oldest) rmSync(template, { recursive: true, force: true })
  }
}

function throwIt(error: unknown): never {
  throw error
}

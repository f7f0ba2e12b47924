import {
  connectDatabase,
  connectPGlite,
  type Database,
  FolderInUseError,
  NoDataError,
} from '@runnel/repositories-database'
import { databaseConnectionSettings, forApp, readSettings, variablesOf } from '@runnel/runtime'
import { CommandError } from '../command-error.ts'
import type { CliContext } from './cli-context.ts'

/** One pass over a large table takes a while. */
const STATEMENT_TIMEOUT_MS = 600_000

export interface StoreOptions {
  readonly databaseUrl?: string
  /** Folder of a standalone Runnel. */
  readonly dataDir?: string
}

/**
 * The store that is verified.
 *
 * @throws CommandError for a folder without data, or one that a running Runnel has
 * @throws ConfigError for an invalid URL
 */
export async function openStore(
  { databaseUrl, dataDir }: StoreOptions,
  { env }: CliContext,
): Promise<Database> {
  if (dataDir !== undefined) return openFolder(dataDir)
  const table = forApp('producer-sim', databaseConnectionSettings)
  const unset = Object.fromEntries(variablesOf(table.url).map((name) => [name, undefined]))
  const source = databaseUrl === undefined ? env : { ...env, ...unset, DATABASE_URL: databaseUrl }
  const connection = readSettings(table, source)
  return connectDatabase({
    ...connection,
    applicationName: 'producer-sim verify',
    poolSize: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
}

async function openFolder(folder: string): Promise<Database> {
  try {
    // What it breaks down with, the query that meets it rejects with as well.
    return await connectPGlite({ folder, create: false, onFatal: () => undefined })
  } catch (error) {
    if (error instanceof FolderInUseError || error instanceof NoDataError)
      throw new CommandError(error.message, 1, error)
    // An image of this app alone leaves it out.
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new CommandError('--data-dir needs the package @electric-sql/pglite', 1, error)
  }
}

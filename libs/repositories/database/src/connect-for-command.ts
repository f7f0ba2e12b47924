import { databaseConnectionSettings, readSettings, type Environment } from '@runnel/runtime'
import { connectDatabase, type Database } from './database.ts'
import { connectPGlite } from './pglite/connect-pglite.ts'

export interface CommandConnection {
  /** As PostgreSQL shows it: `runnel-<name>`. */
  readonly name: string
  /** Of `npm start`, which has to be stopped for that; undefined: PostgreSQL at DATABASE_URL. */
  readonly folder?: string | undefined
  /** Default: 1. */
  readonly poolSize?: number
  readonly statementTimeoutMs: number
}

/**
 * Connects what a person runs from a shell with the database of the apps.
 *
 * @throws ConfigError where DATABASE_URL is not valid; NoDataError where the folder holds no database
 */
export async function connectForCommand(
  env: Environment,
  { name, folder, poolSize = 1, statementTimeoutMs }: CommandConnection,
): Promise<Database> {
  if (folder !== undefined) return connectPGlite({ folder, create: false, onFatal: fail })
  const connection = readSettings(databaseConnectionSettings, env)
  return connectDatabase({ ...connection, applicationName: `runnel-${name}`, poolSize, statementTimeoutMs })
}

function fail(error: unknown): never {
  throw error
}

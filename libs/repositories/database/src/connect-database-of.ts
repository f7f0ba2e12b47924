import type { Logger } from '@runnel/observability'
import { connectDatabase, type Database } from './database.ts'

/** The settings of a pool, as the environment gives them; see `databaseSettings` of @runnel/runtime. */
export interface DatabaseConfig {
  readonly DATABASE_URL: string
  readonly DATABASE_POOL_SIZE: number
  readonly DATABASE_TIMEOUT_MS: number
}

/** The pool of an app, which says in its log when a connection breaks. */
export function connectDatabaseOf(app: string, config: DatabaseConfig, log: Logger): Database {
  return connectDatabase({
    url: config.DATABASE_URL,
    applicationName: app,
    poolSize: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: config.DATABASE_TIMEOUT_MS,
    onConnectionError: (err) => log.warn({ err }, 'a database connection was lost'),
  })
}

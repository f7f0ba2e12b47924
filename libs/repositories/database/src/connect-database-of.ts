import type { Logger } from '@runnel/observability'
import type { TlsFiles } from '@runnel/runtime'
import { connectDatabase, type Database, type DatabaseOptions } from './database.ts'

/** A pool; see `databaseSettings` of @runnel/runtime for defaults. */
export type DatabaseConfig = Pick<
  DatabaseOptions,
  'url' | 'directUrl' | 'poolSize' | 'statementTimeoutMs' | keyof TlsFiles
>

/**
 * The pool of an app, which says in its log when a connection breaks.
 *
 * @param cutOff the last call of the app's drain
 */
export function connectDatabaseOf(
  app: string,
  config: DatabaseConfig,
  log: Logger,
  cutOff?: AbortSignal,
): Database {
  return connectDatabase({
    ...config,
    cutOff,
    applicationName: app,
    onConnectionError: (err) => log.warn({ err }, 'a database connection was lost'),
  })
}

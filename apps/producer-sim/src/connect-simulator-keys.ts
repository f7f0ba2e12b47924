import type { Logger, Metrics } from '@runnel/observability'
import { connectKeys, type FollowedKeys } from '@runnel/repositories-access'
import { connectDatabaseOf } from '@runnel/repositories-database'
import type { CleanupStack } from '@runnel/runtime'
import type { Config } from './config.ts'

/** One that reads what was changed, every two seconds. */
const CONNECTIONS = 1
const STATEMENT_TIMEOUT_MS = 10_000

interface SimulatorKeysOptions {
  readonly app: string
  readonly config: Pick<Config, 'access' | 'database' | 'keys'>
  readonly log: Logger
  readonly metrics: Metrics
  readonly cleanup: CleanupStack
}

/**
 * The directory of keys of producer-sim, which has no broker: changes come by PostgreSQL alone.
 *
 * @returns undefined where keys are not asked for; PostgreSQL need not be there then
 */
export async function connectSimulatorKeys(options: SimulatorKeysOptions): Promise<FollowedKeys | undefined> {
  const { app, config, log, metrics, cleanup } = options
  if (config.access.auth !== 'keys') return undefined
  const connection = { ...config.database, poolSize: CONNECTIONS, statementTimeoutMs: STATEMENT_TIMEOUT_MS }
  const database = cleanup.use(connectDatabaseOf(app, connection, log, cleanup.lastCall))
  return connectKeys({ config, log, metrics, database, cleanup })
}

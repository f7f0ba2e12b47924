import { connectRedis } from '@runnel/cache'
import { settings as consumer } from '@runnel/consumer'
import type { AppName } from '@runnel/contracts/apps'
import { settings as ingest } from '@runnel/ingest-api'
import { settings as dispatcher } from '@runnel/message-dispatcher'
import { connectBroker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { settings as simulator } from '@runnel/producer-sim'
import { settings as query } from '@runnel/query-api'
import { connectDatabaseOf, requireMigrated } from '@runnel/repositories-database'
import { ConfigError, pause, readSettings, type Environment, type SettingsTable } from '@runnel/runtime'
import { ok, problem, unknown, warning, type Finding } from '../finding.ts'

const APP_SETTINGS: Readonly<Record<AppName, SettingsTable>> = {
  'ingest-api': ingest,
  consumer,
  'query-api': query,
  'message-dispatcher': dispatcher,
  'producer-sim': simulator,
}

const CONNECT_MS = 5000
const POLL_MS = 50
const NAME = 'runnel doctor'

/** Settings and servers as apps on this machine would find them. */
export async function checkLocal(env: Environment, signal: AbortSignal): Promise<readonly Finding[]> {
  const servers = [checkPostgres(env), checkBroker(env, signal), checkRedis(env, signal)]
  const settings = Object.entries(APP_SETTINGS).map(([app, table]) => checkSettings(app, table, env))
  return [...settings, ...(await Promise.all(servers))]
}

function checkSettings(app: string, table: SettingsTable, env: Environment): Finding {
  const check = `settings ${app}`
  try {
    readSettings(table, env)
    return ok(check, `The settings of ${app} in this environment are valid`)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return problem(
      check,
      error.problems.join('; '),
      'Correct these variables; .env.example describes each of them',
    )
  }
}

/** Of servers, the settings of query-api count: it needs all three. */
function readOwn<T extends keyof typeof query>(group: T, env: Environment) {
  return readSettings({ [group]: query[group] } as Pick<typeof query, T>, env)[group]
}

async function checkPostgres(env: Environment): Promise<Finding> {
  const check = 'from here postgres'
  const log = createLogger(NAME, 'silent')
  return unlessUnset(check, async () => {
    const config = { ...readOwn('database', env), poolSize: 1, statementTimeoutMs: CONNECT_MS }
    const database = connectDatabaseOf(NAME, config, log)
    try {
      await requireMigrated(database)
      return ok(check, 'PostgreSQL answers from here, and is migrated')
    } catch (error) {
      return problem(
        check,
        (error as Error).message,
        'Check DATABASE_URL, that PostgreSQL runs, and migrate it: npm run migrate',
      )
    } finally {
      await database.close()
    }
  })
}

function checkBroker(env: Environment, signal: AbortSignal): Promise<Finding> {
  const check = 'from here broker'
  return unlessUnset(check, async () => {
    const { url, access } = readOwn('broker', env)
    const broker = await connectBroker(url, { name: NAME, log: createLogger(NAME, 'silent'), access })
    try {
      if (await becomes(() => broker.connected(), signal)) return ok(check, 'The broker answers from here')
      return problem(
        check,
        `The broker did not answer within ${CONNECT_MS / 1000} s`,
        'Check BROKER_URL (or NATS_URL) and its login, and that it runs; NATS needs JetStream',
      )
    } finally {
      await broker.close()
    }
  })
}

function checkRedis(env: Environment, signal: AbortSignal): Promise<Finding> {
  const check = 'from here redis'
  return unlessUnset(check, async () => {
    const { url, sentinel, ...files } = readOwn('redis', env)
    const redis = connectRedis(url, createLogger(NAME, 'silent'), { files, sentinel })
    try {
      if (await becomes(() => redis.connected(), signal)) return ok(check, 'Redis answers from here')
      return warning(
        check,
        `Redis did not answer within ${CONNECT_MS / 1000} s`,
        'Check REDIS_URL, and that Redis runs; Runnel goes on without it, slower',
      )
    } finally {
      redis.close()
    }
  })
}

async function becomes(condition: () => boolean, signal: AbortSignal): Promise<boolean> {
  for (
    const endMs = performance.now() + CONNECT_MS;
    performance.now() < endMs && !signal.aborted;
    await pause(POLL_MS, signal)
  )
    if (condition()) return true
  return false
}

/** Settings that are wrong are named already. */
async function unlessUnset(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return unknown(check, 'Its settings are wrong', 'Correct them first')
  }
}

import { KINDS, type Kind } from '@runnel/contracts'
import { connectDatabase, EVENT_TABLES } from '@runnel/repositories-database'
import { cleanNats, createTestDatabase, serviceUrls, spawnApp, testPrefix } from '@runnel/testing'
import { sql } from 'kysely'

/** ingest-api, broker, consumer and PostgreSQL: what the simulator is for, as real processes. */
export interface Pipe extends AsyncDisposable {
  /** Base URL of ingest-api. */
  readonly ingest: string
  readonly env: Record<string, string>
  /** Rows by kind. */
  rows(): Promise<Record<Kind, number>>
  /** Runs SQL on the database of the pipe. */
  execute(text: string): Promise<void>
  /** Events with an outcome, as the consumer has counted them, over all kinds. */
  outcomes(outcome: string): Promise<number>
}

export async function startPipe(): Promise<Pipe> {
  await using starting = new AsyncDisposableStack()
  const prefix = testPrefix()
  const database = starting.use(await createTestDatabase())
  const env = { ...serviceUrls(), DATABASE_URL: database.url, SUBJECT_PREFIX: prefix, LOG_LEVEL: 'warn' }
  starting.defer(() => cleanNats(env.NATS_URL, prefix))
  const consumer = starting.use(await spawnApp('consumer', env, { waitFor: '/readyz' }))
  const ingest = starting.use(await spawnApp('ingest-api', env, { waitFor: '/readyz' }))
  const db = connectDatabase({
    url: database.url,
    applicationName: 'test',
    poolSize: 1,
    statementTimeoutMs: 10_000,
  })
  starting.defer(() => db.close())
  const count = async (kind: Kind) => {
    const { rows } = await sql<{
      n: number
    }>`select count(*) as n from ${sql.table(EVENT_TABLES[kind])}`.execute(db.kysely)
    return [kind, rows[0]?.n]
  }
  const running = starting.move()
  return {
    ingest: ingest.url,
    env,
    rows: async () => Object.fromEntries(await Promise.all(KINDS.map(count))) as Record<Kind, number>,
    execute: async (text) => void (await sql.raw(text).execute(db.kysely)),
    outcomes: async (outcome) => {
      const text = await (await fetch(`${consumer.url}/metrics`)).text()
      const lines = text.split('\n').filter((line) => /^runnel_consumer_events_total/.test(line))
      const values = lines
        .filter((line) => line.includes(`outcome="${outcome}"`))
        .map((line) => line.split(' ')[1])
      return values.reduce((sum, value) => sum + Number(value), 0)
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

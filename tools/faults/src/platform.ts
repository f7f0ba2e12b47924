import { startNats, startPostgres, startRedis, type PrivateServer } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadTarget } from './run-load.ts'
import { manageApp, type ManagedApp } from './managed-app.ts'
import { migrate } from './migrate.ts'

/** The apps as processes, over private stores. */
export interface Platform extends LoadTarget {
  readonly nats: PrivateServer
  readonly postgres: PrivateServer
  readonly redis: PrivateServer
  readonly ingest: ManagedApp
  readonly consumer: ManagedApp
  readonly query: ManagedApp
  readonly apps: readonly ManagedApp[]
  close(): Promise<void>
}

/** Starts three private stores, migrates, and starts the apps. @throws Error when one of them does not come up */
export async function startPlatform(): Promise<Platform> {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-faults-'))
  const [nats, postgres, redis] = await Promise.all([startNats(), startPostgres(), startRedis()])
  const env = {
    NATS_URL: nats.url,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    SUBJECT_PREFIX: '',
    // Short, so that what a killed process held is delivered again soon.
    ACK_WAIT_MS: '3000',
    LOG_LEVEL: 'info',
  }
  await migrate(postgres.url)
  const [ingest, consumer, query] = await Promise.all([
    manageApp('ingest-api', env),
    manageApp('consumer', env),
    manageApp('query-api', env),
  ])
  const apps = [ingest, consumer, query]
  return {
    nats,
    postgres,
    redis,
    ingest,
    consumer,
    query,
    folder,
    store: ['--database-url', postgres.url],
    apps,
    close: async () => {
      await Promise.all(apps.map((app) => app.current().stop()))
      await Promise.all([nats, postgres, redis].map((server) => server.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

import {
  freePort,
  spawnApp,
  startNats,
  startPostgres,
  startRedis,
  type PrivateServer,
  type RunningApp,
} from '@runnel/testing'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LoadTarget } from './load.ts'
import { repositoryRoot } from './repository-root.ts'

export type AppName = 'ingest-api' | 'consumer' | 'query-api'

/** An app that may be killed and comes back under the same address. */
export interface ManagedApp {
  readonly name: AppName
  readonly url: string
  /** The process of this moment. */
  current(): RunningApp
  /** SIGKILL, then a new process on the same port; resolves when that one answers. */
  killAndRestart(): Promise<void>
}

/** The apps as processes, over stores that nobody else uses. */
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
  const migrate = join(repositoryRoot, 'libs/repositories/src/migrate-main.ts')
  await promisify(execFile)(process.execPath, [migrate], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
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

async function manageApp(name: AppName, env: Record<string, string>): Promise<ManagedApp> {
  const port = String(await freePort())
  const start = () => spawnApp(name, { ...env, PORT: port }, { waitFor: '/readyz' })
  let current = await start()
  return {
    name,
    url: current.url,
    current: () => current,
    killAndRestart: async () => {
      current.kill('SIGKILL')
      await current.exited
      current = await start()
    },
  }
}

import type { ManagedProcess } from './managed-process.ts'
import { migrateDatabase } from './migrate-database.ts'
import type { ServiceUrls } from './service-urls.ts'
import { startNats } from './servers/start-nats.ts'
import { startPostgres } from './servers/start-postgres.ts'
import { startRedis } from './servers/start-redis.ts'
import { useAll } from './use-all.ts'

/** A migrated PostgreSQL and Redis that no other test uses, so that they can be stopped. */
export interface PrivateStores extends AsyncDisposable {
  readonly postgres: ManagedProcess
  readonly redis: ManagedProcess
}

/** NATS, a migrated PostgreSQL and Redis that no other test uses, so that they can be stopped. */
export interface PrivateServices extends PrivateStores {
  readonly nats: ManagedProcess
  readonly urls: ServiceUrls
}

/** @throws Error with the log of the server that does not come up */
export async function startPrivateServices(): Promise<PrivateServices> {
  await using starting = new AsyncDisposableStack()
  const [nats, stores] = await useAll<[ManagedProcess, PrivateStores]>(starting, [
    startNats(),
    startPrivateStores(),
  ])
  const { postgres, redis } = stores
  const running = starting.move()
  return {
    ...{ nats, postgres, redis },
    urls: { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Those without a broker. @throws Error with the log of the server that does not come up */
export async function startPrivateStores(): Promise<PrivateStores> {
  await using starting = new AsyncDisposableStack()
  const [postgres, redis] = await useAll<[ManagedProcess, ManagedProcess]>(starting, [
    startPostgres(),
    startRedis(),
  ])
  await migrateDatabase(postgres.url)
  const running = starting.move()
  return { postgres, redis, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

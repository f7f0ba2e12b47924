import { userInfo } from 'node:os'
import { findBinary } from './binaries.ts'
import type { PrivateServer } from './private-server.ts'
import { probeNats } from './probe-nats.ts'
import { probePostgres } from './probe-postgres.ts'
import { probeRedis } from './probe-redis.ts'
import type { ServerOptions } from './server-options.ts'
import { startNats } from './start-nats.ts'
import { startPostgres } from './start-postgres.ts'
import { startRedis } from './start-redis.ts'

/** The variables by which apps and tests find the services. */
export interface ServiceUrls {
  readonly DATABASE_URL: string
  readonly NATS_URL: string
  readonly REDIS_URL: string
}

/** One of the three services: how it is recognised and how one of our own is started. */
export interface ServiceKind {
  readonly name: string
  readonly variable: keyof ServiceUrls
  readonly standardPort: number
  /** Logins to try on a local port, the most likely first. */
  readonly localUrls: (port: number) => string[]
  /** Throws, with the reason as message, unless it answers and can do what Runnel needs. */
  readonly probe: (url: string) => Promise<void>
  readonly isInstalled: () => boolean
  readonly start: (options: ServerOptions) => Promise<PrivateServer>
  /** Name of the Debian package. */
  readonly debianPackage: string
  /** Name in docker-compose.yaml, with the variable there that sets the port. */
  readonly compose: { readonly service: string; readonly portVariable: string }
}

/** Of docker-compose.yaml. */
const COMPOSE_LOGIN = 'runnel:runnel'

export const SERVICE_KINDS: readonly ServiceKind[] = [
  {
    name: 'PostgreSQL',
    variable: 'DATABASE_URL',
    standardPort: 5432,
    localUrls: (port) =>
      [...new Set([userInfo().username, 'postgres', 'root', COMPOSE_LOGIN])].map(
        (login) => `postgres://${login}@127.0.0.1:${port}/postgres`,
      ),
    probe: probePostgres,
    isInstalled: () => findBinary('postgres') !== undefined,
    start: startPostgres,
    debianPackage: 'postgresql',
    compose: { service: 'postgres', portVariable: 'POSTGRES_PORT' },
  },
  {
    name: 'NATS',
    variable: 'NATS_URL',
    standardPort: 4222,
    localUrls: (port) => [`nats://127.0.0.1:${port}`],
    probe: probeNats,
    isInstalled: () => findBinary('nats-server') !== undefined,
    start: startNats,
    debianPackage: 'nats-server',
    compose: { service: 'nats', portVariable: 'NATS_PORT' },
  },
  {
    name: 'Redis',
    variable: 'REDIS_URL',
    standardPort: 6379,
    localUrls: (port) => [`redis://127.0.0.1:${port}`],
    probe: probeRedis,
    isInstalled: () => findBinary('redis-server') !== undefined,
    start: startRedis,
    debianPackage: 'redis-server',
    compose: { service: 'redis', portVariable: 'REDIS_PORT' },
  },
]

import { userInfo } from 'node:os'
import type { ServiceUrls } from '@runnel/testing'
import { findBinary } from '@runnel/testing'
import type { ManagedProcess } from '@runnel/testing'
import { probeNats, probeRabbitmq } from '@runnel/testing'
import { probePostgres } from '@runnel/testing'
import { probeRedis } from '@runnel/testing'
import type { ServerOptions } from '@runnel/testing'
import { startNats } from '@runnel/testing'
import { startPostgres } from '@runnel/testing'
import { startRedis } from '@runnel/testing'

/** One of the three services: how it is recognised, and how a private one is started. */
export interface ServiceKind {
  readonly name: string
  readonly variable: keyof ServiceUrls
  readonly standardPort: number
  /** Logins to try on a local port, the most likely first. */
  readonly localUrls: (port: number) => string[]
  /** Throws, with the reason as message, unless it answers and can do what Runnel needs. */
  readonly probe: (url: string) => Promise<void>
  readonly isInstalled: () => boolean
  readonly start: (options: ServerOptions) => Promise<ManagedProcess>
  /** Name of the Debian package. */
  readonly debianPackage: string
  /** Name in deploy/compose/servers.yaml, with the variable there that sets the port. */
  readonly compose: { readonly service: string; readonly portVariable: string }
}

/** Of deploy/compose/servers.yaml. */
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
    // Another broker may be named; one that is looked for, or started, is NATS.
    probe: (url) => (/^amqps?:/.test(url) ? probeRabbitmq(url) : probeNats(url)),
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

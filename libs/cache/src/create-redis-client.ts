import { createTlsOptions, readRedisServers, type RedisServers, type TlsFiles } from '@runnel/runtime'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { ConnectionOptions } from 'node:tls'

export type RedisClient = Redis | Cluster

/** How Runnel signs in at sentinels; empty: they ask for nothing. */
export interface SentinelLogin {
  readonly username: string
  readonly password: string
}

/** Without what would change the form of replies. */
type Options = Omit<RedisOptions, 'replyMapping'>

interface ClientOptions {
  readonly commandTimeoutMs: number
  readonly files: TlsFiles
  readonly sentinel: SentinelLogin | undefined
}

const CONNECT_TIMEOUT_MS = 2000
const RECONNECT_STEP_MS = 100
const MAX_RECONNECT_DELAY_MS = 2000
/** A silent connection is replaced: a host that went away sends no reset. */
const SILENT_MS = 5000
/** Longest wait for one answer of a sentinel. */
const SENTINEL_TIMEOUT_MS = 1000
/** Sentinels that are listened to for failovers. */
const MAX_SENTINELS = 10
/** A cluster's table of slots is read again this often, and after each redirection. */
const SLOTS_INTERVAL_MS = 5000
const SLOTS_TIMEOUT_MS = 1000
/** A command follows a slot that has moved, and one that is moving. Each pause before another try counts to what a caller waits. */
const MAX_REDIRECTIONS = 3
const REDIRECTION_PAUSE_MS = 10

const retryDelay = (attempts: number) => Math.min(attempts * RECONNECT_STEP_MS, MAX_RECONNECT_DELAY_MS)

/** A client that is not connected yet, with the same limits whatever the URL names. Commands fail at once while it has no connection. */
export function createRedisClient(url: string, options: ClientOptions): RedisClient {
  const servers = readRedisServers(url)
  const { files } = options
  const asksForTls = servers.isTls || Boolean(files.caFile || files.certFile)
  const tls = asksForTls ? (createTlsOptions(files) as ConnectionOptions) : undefined
  const limits = connectionLimits(options, tls)
  if (servers.kind === 'server') return new Redis(servers.url, limits)
  if (servers.kind === 'cluster') return createCluster(servers, limits)
  return new Redis({ ...limits, ...sentinelOptions(servers, options, tls) })
}

function connectionLimits({ commandTimeoutMs }: ClientOptions, tls: ConnectionOptions | undefined): Options {
  return {
    ...(tls && { tls }),
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: 100,
    // It is a command with the short timeout, and a busy start would fail it. A Redis that still loads answers with errors.
    enableReadyCheck: false,
    socketTimeout: SILENT_MS,
    retryStrategy: retryDelay,
    // A master that became a replica: whatever was reached by this address is to be found anew.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
}

type Of<K extends RedisServers['kind']> = Extract<RedisServers, { kind: K }>

function sentinelOptions(
  { addresses, master, database, username, password }: Of<'sentinel'>,
  { sentinel }: ClientOptions,
  tls: ConnectionOptions | undefined,
): Options {
  return {
    sentinels: addresses.map((address) => ({ ...address })),
    name: master,
    db: database,
    ...loginOf({ username, password }),
    ...(sentinel?.password && {
      sentinelPassword: sentinel.password,
      ...(sentinel.username && { sentinelUsername: sentinel.username }),
    }),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    sentinelRetryStrategy: retryDelay,
    sentinelReconnectStrategy: () => MAX_RECONNECT_DELAY_MS,
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    sentinelMaxConnections: MAX_SENTINELS,
    // A failover closes the connection to the old master, which may be alive and cut off.
    failoverDetector: true,
  }
}

function createCluster({ addresses, username, password }: Of<'cluster'>, limits: Options): Cluster {
  const { lazyConnect: _, retryStrategy: __, enableOfflineQueue: ___, ...redisOptions } = limits
  return new Cluster(
    addresses.map((address) => ({ ...address })),
    {
      redisOptions: { ...redisOptions, ...loginOf({ username, password }) },
      lazyConnect: true,
      enableOfflineQueue: false,
      // One shard that is away would keep the client from using the others.
      enableReadyCheck: false,
      scaleReads: 'master',
      clusterRetryStrategy: retryDelay,
      slotsRefreshInterval: SLOTS_INTERVAL_MS,
      slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
      maxRedirections: MAX_REDIRECTIONS,
      retryDelayOnFailover: REDIRECTION_PAUSE_MS,
      retryDelayOnClusterDown: REDIRECTION_PAUSE_MS,
      retryDelayOnTryAgain: REDIRECTION_PAUSE_MS,
      // A certificate holds names: addresses in their place would not match it.
      ...(limits.tls && { dnsLookup: (host, done) => done(null, host) }),
    },
  )
}

function loginOf({ username, password }: Pick<Of<'cluster'>, 'username' | 'password'>): Options {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) }
}

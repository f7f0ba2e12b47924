import type { Kind } from '@runnel/contracts'
import { APPS, DATABASE_VARIABLES, urlVariable, type AppName } from '@runnel/contracts/apps'
import { accessSettings } from './access-settings.ts'
import { readDatabaseHosts } from './database-hosts.ts'
import {
  choice,
  databaseUrl,
  filePath,
  flag,
  httpUrl,
  integer,
  optionalDatabaseUrl,
  port,
  redisUrl,
  text,
} from './setting-types.ts'
import { httpSettings } from './http-settings.ts'
import { checked, type Setting } from './settings.ts'
import { findSslModeProblems } from './ssl-mode.ts'
import { findTlsFileProblems } from './tls-files.ts'
import { tlsSettings } from './tls-settings.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const [DATABASE_VARIABLE, ...DATABASE_ALIASES] = DATABASE_VARIABLES

const host = text('HOST', '127.0.0.1', 'Address to listen on; 0.0.0.0 for all interfaces')

/**
 * `localhost` is two addresses, for which Fastify opens a second listener that does not reload certificates,
 * connections that are slow and drains. Clients that are refused at ::1 go on to 127.0.0.1.
 */
const hostSetting: Setting<string> = {
  ...host,
  parse: (value) => (/^localhost\.?$/i.test(value) ? '127.0.0.1' : host.parse(value)),
}

/** What every app reads. */
export function serviceSettings(app: AppName) {
  return {
    host: hostSetting,
    port: port('PORT', APPS[app].port, 'TCP port to listen on'),
    http: httpSettings,
    access: accessSettings,
    tls: tlsSettings,
    logLevel: choice('LOG_LEVEL', 'info', `Lowest level to log: ${LOG_LEVELS.join(', ')}`, LOG_LEVELS),
    shutdownMs: integer(
      'SHUTDOWN_MS',
      20_000,
      'Milliseconds a process may take to drain before it is ended',
      {
        min: 1,
      },
    ),
  }
}

/** Of apps that may run in several processes. */
export const workersSetting = integer(
  'WORKERS',
  1,
  'Processes that an app runs in, behind one port; pools, caches and limits are per process',
  { min: 1, max: 64 },
)

/** How PostgreSQL is reached. */
export const databaseConnectionSettings = checked(
  {
    url: {
      ...databaseUrl(
        DATABASE_VARIABLE,
        'postgres://127.0.0.1:5432/runnel',
        'PostgreSQL 15 or later, also as POSTGRES_URL; with ?sslmode=verify-full for TLS; servers that fail over with commas between them (host1:5432,host2:5432)',
      ),
      aliases: DATABASE_ALIASES,
    },
    directUrl: optionalDatabaseUrl(
      'DATABASE_DIRECT_URL',
      'The same database past a pooler in transaction mode (PgBouncer), which is at DATABASE_URL then; empty: there is no pooler',
    ),
    caFile: filePath(
      'DATABASE_CA_FILE',
      'Certificates (PEM) of the authorities that PostgreSQL is trusted by, in place of those of Node.js; asks for TLS',
    ),
    certFile: filePath(
      'DATABASE_CERT_FILE',
      'Certificate (PEM) that Runnel shows to PostgreSQL; asks for TLS',
    ),
    keyFile: filePath('DATABASE_KEY_FILE', 'Private key (PEM) of DATABASE_CERT_FILE'),
  },
  ({ url: address, directUrl, ...files }) => [
    ...[address, directUrl]
      .filter(Boolean)
      .flatMap((each) => [
        ...findSslModeProblems(readDatabaseHosts(each).urls[0]!, files),
        ...findAttributeProblems(each),
      ]),
    ...findTlsFileProblems('DATABASE', files),
  ],
)

/** Standbys that an app may read from. */
export const readReplicaSettings = {
  url: {
    ...databaseUrl(
      'DATABASE_READ_URL',
      '',
      'Standbys of DATABASE_URL for searches, counts, series, exports and lists, with the same settings of TLS; several with commas between them; empty: all reads go to DATABASE_URL',
    ),
    parse: parseReadUrl,
  },
  maxLagMs: integer(
    'DATABASE_READ_MAX_LAG_MS',
    2000,
    'Milliseconds by which a standby may be behind DATABASE_URL to be read from',
    { min: 500, max: 30_000 },
  ),
}

const NO_FILES = { caFile: '', certFile: '', keyFile: '' }

function parseReadUrl(value: string): string {
  if (value === '') return value
  const { attribute, urls } = readDatabaseHosts(value)
  if (findSslModeProblems(urls[0]!, NO_FILES).length > 0)
    throw new Error('a URL with no more of TLS than sslmode=disable, require, verify-ca or verify-full')
  if (attribute === 'primary') throw new Error('a URL of standbys, without target_session_attrs=primary')
  return value
}

/** Of what apps write to: a standby would refuse it. */
function findAttributeProblems(address: string): string[] {
  const { attribute } = readDatabaseHosts(address)
  return attribute === 'standby' || attribute === 'read-only'
    ? [
        `A URL of PostgreSQL holds target_session_attrs=${attribute}, but Runnel writes there: expected primary, read-write or any`,
      ]
    : []
}

/** What every app that talks to PostgreSQL reads. */
export const databaseSettings = {
  ...databaseConnectionSettings,
  poolSize: poolSize(4, 1),
  statementTimeoutMs: integer('DATABASE_TIMEOUT_MS', 10_000, 'Milliseconds that one statement may take', {
    min: 100,
  }),
}

/** The connections of an app to PostgreSQL. */
export function poolSize(fallback: number, min: number): Setting<number> {
  return integer('DATABASE_POOL_SIZE', fallback, 'Connections to PostgreSQL that a process may hold', {
    min,
    max: 1000,
  })
}

/** How large a page of a list may become. */
export function pageBytes(): Setting<number> {
  return integer(
    'PAGE_MAX_BYTES',
    8 * 1024 ** 2,
    'Bytes of what is listed at which a page of a list ends early',
    {
      min: 1024,
    },
  )
}

/** What every app that talks to Redis reads. */
export const redisSettings = checked(
  {
    url: redisUrl(
      'REDIS_URL',
      'redis://127.0.0.1:6379',
      'Redis 7 or later; rediss:// for TLS; redis+sentinel://host1:26379,host2:26379/master/0 and redis+cluster://host1:6379,host2:6379 for several servers',
    ),
    sentinel: {
      username: text(
        'REDIS_SENTINEL_USER',
        '',
        'User name at the sentinels; that of the data is in REDIS_URL',
      ),
      password: text('REDIS_SENTINEL_PASSWORD', '', 'Password at the sentinels; empty: they ask for none', {
        secret: true,
      }),
    },
    caFile: filePath(
      'REDIS_CA_FILE',
      'Certificates (PEM) of the authorities that Redis is trusted by, in place of those of Node.js; asks for TLS',
    ),
    certFile: filePath('REDIS_CERT_FILE', 'Certificate (PEM) that Runnel shows to Redis; asks for TLS'),
    keyFile: filePath('REDIS_KEY_FILE', 'Private key (PEM) of REDIS_CERT_FILE'),
  },
  ({ url: _, sentinel: __, ...files }) => findTlsFileProblems('REDIS', files),
)

/** The work-queue streams: every app that ensures them has to be given the same values. */
export const streamSettings = {
  maxBytes: {
    metrics: integer(
      'METRICS_STREAM_BYTES',
      1024 ** 3,
      'Bytes of metrics the broker keeps; more are refused',
      {
        min: 1024,
      },
    ),
    logs: integer('LOGS_STREAM_BYTES', 1024 ** 3, 'Bytes of logs the broker keeps; more are refused', {
      min: 1024,
    }),
    products: integer(
      'PRODUCTS_STREAM_BYTES',
      256 * 1024 ** 2,
      'Bytes of product events the broker keeps; more are refused',
      { min: 1024 },
    ),
    traces: integer('TRACES_STREAM_BYTES', 1024 ** 3, 'Bytes of spans the broker keeps; more are refused', {
      min: 1024,
    }),
  } satisfies Record<Kind, Setting<number>>,
  ackWaitMs: integer(
    'ACK_WAIT_MS',
    30_000,
    'Milliseconds after which a message that was not acknowledged is delivered again',
    { min: 1000 },
  ),
  replicas: {
    variable: 'NATS_REPLICAS',
    fallback: '0',
    description:
      'Servers of a NATS cluster that keep each stream: 1, 3 or 5, changed in place; 0 leaves a stream as it is and makes a new one with 1',
    parse: (value) => {
      if (!/^[0135]$/.test(value)) throw new Error('one of 0, 1, 3, 5')
      return Number(value)
    },
  } satisfies Setting<number>,
  maxInFlight: integer(
    'MAX_IN_FLIGHT',
    2000,
    'Messages of a kind that may be delivered and not yet acknowledged at a time',
    { min: 1 },
  ),
}

/** What both ends of the gateway have to agree on. */
export const gatewaySettings = {
  token: text('GATEWAY_TOKEN', 'runnel', 'Bearer token for the gateway', {
    pattern: /^[\x21-\x7e]{1,4096}$/,
    expected: 'printable ASCII without blanks',
    secret: true,
  }),
  deduplicates: flag(
    'GATEWAY_DEDUPLICATES',
    true,
    'Whether the gateway recognises a repeated message id; if so, a message with an unknown outcome is sent again',
  ),
}

/** What a variable was called in the version before. */
const FORMER_URLS: Readonly<Partial<Record<AppName, string>>> = { 'ingest-api': 'INGEST_URL' }

/** Where other apps reach an app. */
export function appUrl(app: AppName): Setting<string> {
  const formerly = FORMER_URLS[app]
  const fallback = `http://127.0.0.1:${APPS[app].port}`
  const setting = httpUrl(urlVariable(app), fallback, `Base URL of ${app}`)
  return formerly === undefined ? setting : { ...setting, formerly }
}

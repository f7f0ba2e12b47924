/** The servers that apps connect to. */
export type Server = 'postgres' | 'broker' | 'redis'

/** What has to be known of an app outside of it. */
export interface AppDescription {
  /** What it does, in one line. */
  readonly summary: string
  /** TCP port that it listens on unless a setting moves it. */
  readonly port: number
  /** Servers that it connects to. */
  readonly needs: readonly Server[]
  /** Routes that query-api forwards to it, everything below them included: the console has one origin. */
  readonly forwardedRoutes: readonly string[]
  /** The same of routes that need no credentials. */
  readonly publicRoutes: readonly string[]
  /** Whether Docker Compose opens its port on the host; without, many replicas can run on one. */
  readonly published: boolean
  /** Whether the platform needs it: then there is an alert when none runs. */
  readonly required: boolean
  /** Programs in its image beside `main`, by file name: what they are made from. */
  readonly programs: Readonly<Record<string, string>>
}

/**
 * Every app, in the order in which an event passes them. From this list npm start, npm run dev, the tests, the images and
 * the system page know the apps; what still names them by hand is checked against it.
 */
export const APPS = {
  'ingest-api': {
    summary: 'takes events in over HTTP, acknowledges them once durable',
    port: 8080,
    needs: ['broker', 'postgres'],
    forwardedRoutes: ['/api/v1/dead-letters'],
    publicRoutes: [],
    published: true,
    required: true,
    programs: {},
  },
  consumer: {
    summary: 'stores events in PostgreSQL in batches, keeps dead letters',
    port: 8082,
    needs: ['broker', 'postgres'],
    forwardedRoutes: [],
    publicRoutes: [],
    published: false,
    required: true,
    programs: {
      migrate: 'libs/repositories/database/src/migrate-main.ts',
      retention: 'libs/repositories/database/src/retention-main.ts',
      'log-counters': 'libs/repositories/events/src/log-counters/log-counters-main.ts',
    },
  },
  'query-api': {
    summary: 'cached reads, search, series, live logs, the console',
    port: 8000,
    needs: ['broker', 'postgres', 'redis'],
    forwardedRoutes: [],
    publicRoutes: [],
    published: true,
    required: true,
    programs: { accounts: 'apps/query-api/src/people/accounts/accounts-main.ts' },
  },
  'message-dispatcher': {
    summary: 'clients and mailings, sends messages through a gateway',
    port: 8081,
    needs: ['broker', 'postgres', 'redis'],
    forwardedRoutes: [
      '/api/v1/clients',
      '/api/v1/suppressions',
      '/api/v1/audit',
      '/api/v1/keys',
      '/api/v1/mailings',
      '/api/v1/sending',
      '/api/v1/reports',
      '/api/v1/alerts',
      '/api/v1/notifications',
      '/api/v1/dashboards',
    ],
    publicRoutes: ['/unsubscribe'],
    published: true,
    required: true,
    programs: {
      keys: 'apps/message-dispatcher/src/keys/keys-main.ts',
      'first-keys': 'apps/message-dispatcher/src/keys/first-keys-main.ts',
    },
  },
  'producer-sim': {
    summary: 'stream of events; load, replay, verify; a fake gateway',
    port: 8083,
    needs: ['postgres'],
    forwardedRoutes: [],
    publicRoutes: [],
    published: true,
    required: false,
    programs: { cli: 'apps/producer-sim/src/cli-main.ts' },
  },
} as const satisfies Record<string, AppDescription>

export type AppName = keyof typeof APPS

export const APP_NAMES = Object.keys(APPS) as readonly AppName[]

/** Listens in producer-sim, on a port of its own. */
export const FAKE_GATEWAY = {
  name: 'the fake gateway',
  app: 'producer-sim',
  port: 8090,
  variable: 'GATEWAY_PORT',
  portVariable: 'PRODUCER_SIM_GATEWAY_PORT',
} as const

/** The variable that names the broker to every app, and its other names. */
export const BROKER_VARIABLES = ['NATS_URL', 'BROKER_URL', 'RABBITMQ_URL'] as const

/** The variable that names PostgreSQL to every app, and its other name. */
export const DATABASE_VARIABLES = ['DATABASE_URL', 'POSTGRES_URL'] as const

/** What the variables begin with that set something for one app alone, e.g. `QUERY_API_`. */
export function variablePrefix(app: AppName): string {
  return `${app.toUpperCase().replaceAll('-', '_')}_`
}

/** The variable that moves an app to another port, e.g. `QUERY_API_PORT`. */
export function portVariable(app: AppName): string {
  return `${variablePrefix(app)}PORT`
}

/** The variable from which other apps read where an app is, e.g. `INGEST_API_URL`. */
export function urlVariable(app: AppName): string {
  return `${variablePrefix(app)}URL`
}

import {
  migrateDatabase,
  PostgresPair,
  startPrivateStores,
  startRedis,
  type ManagedProcess,
} from '@runnel/testing'

/** How PostgreSQL runs: by itself, or as a primary with a standby that has each commit before it is answered, or later. */
export const POSTGRES_NAMES = ['single', 'pair', 'async-pair'] as const

export type PostgresName = (typeof POSTGRES_NAMES)[number]

/** What the oracle needs of a store, whichever servers it has. */
export interface Store extends Pick<ManagedProcess, 'kill' | 'restart' | 'logs'> {
  /** Of the server that takes writes now. */
  readonly url: string
  /** Of its servers, in their order. */
  readonly ports: readonly number[]
  /** For apps, that reach its servers by these ports. */
  urlOver(ports: readonly number[]): string
}

export interface RunningStores extends AsyncDisposable {
  readonly postgres: Store
  readonly redis: Store
  readonly pair: PostgresPair | undefined
}

/** Stores of this run alone, with the tables of Runnel. @throws Error with the log of the server that does not come up */
export async function startStores(name: PostgresName): Promise<RunningStores> {
  if (name === 'single') {
    const stores = await startPrivateStores()
    const { postgres, redis } = stores
    return {
      ...{ postgres: storeOf(postgres), redis: storeOf(redis), pair: undefined },
      [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
    }
  }
  await using starting = new AsyncDisposableStack()
  const redis = starting.use(await startRedis())
  const pair = starting.use(await PostgresPair.start(name === 'pair' ? 'synchronous' : 'asynchronous'))
  await migrateDatabase(pair.primary.url)
  const running = starting.move()
  return {
    ...{ postgres: storeOfPair(pair), redis: storeOf(redis), pair },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** A store of one server. */
export function storeOf(server: ManagedProcess): Store {
  return {
    url: server.url,
    ports: [server.port],
    kill: (signal) => server.kill(signal),
    restart: () => server.restart(),
    logs: () => server.logs(),
    urlOver: ([port]) => {
      const url = new URL(server.url)
      url.port = String(port)
      return url.href
    },
  }
}

/** Killed, its standby takes over; what was the primary comes back as a standby. */
function storeOfPair(pair: PostgresPair): Store {
  return {
    get url() {
      return pair.primary.url
    },
    ports: pair.servers.map(({ port }) => port),
    kill: () => pair.primary.kill('SIGKILL'),
    restart: () => pair.rejoin(),
    logs: () => pair.servers.map((server) => server.logs()).join('\n---- the other server ----\n'),
    urlOver: (ports) => pair.hostsUrl(ports),
  }
}

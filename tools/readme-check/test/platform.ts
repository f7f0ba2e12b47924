import { cleanNats, createTestDatabase, serviceUrls, spawnApp, testPrefix } from '@runnel/testing'

/** The apps by the port that the pages name. */
const APPS: Readonly<Record<number, string>> = {
  8000: 'query-api',
  8080: 'ingest-api',
  8081: 'message-dispatcher',
  8082: 'consumer',
  8083: 'producer-sim',
}

export interface Platform extends AsyncDisposable {
  /** @throws Error for a port that no app has */
  portOf(documented: number): number
}

/** The five apps as processes of their own, on a database and subjects of this test alone. */
export async function startPlatform(): Promise<Platform> {
  await using starting = new AsyncDisposableStack()
  const prefix = testPrefix()
  const database = starting.use(await createTestDatabase())
  const env = { ...serviceUrls(), DATABASE_URL: database.url, SUBJECT_PREFIX: prefix, LOG_LEVEL: 'warn' }
  starting.defer(() => cleanNats(env.NATS_URL, prefix))
  const ports = new Map<number, number>()
  const start = async (port: number, more: Record<string, string> = {}) => {
    const app = starting.use(await spawnApp(APPS[port]!, { ...env, ...more }, { waitFor: '/readyz' }))
    ports.set(port, app.port)
    return app
  }
  await start(8082)
  const ingest = await start(8080)
  await start(8000)
  await start(8081)
  await start(8083, { INGEST_URL: ingest.url })
  const running = starting.move()
  return {
    portOf: (documented) => {
      const port = ports.get(documented)
      if (port === undefined) throw new Error(`no app listens on port ${documented}`)
      return port
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

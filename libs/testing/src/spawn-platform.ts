import { urlVariable, type AppName } from '@runnel/contracts/apps'
import { freePort } from './servers/free-port.ts'
import type { ServiceUrls } from './service-urls.ts'
import { cleanNats } from './clean-nats.ts'
import { serviceUrls } from './service-urls.ts'
import type { ManagedProcess } from './managed-process.ts'
import { spawnApp } from './spawn-app.ts'
import { createTestDatabase } from './test-database.ts'
import { testPrefix } from './test-prefix.ts'

const READY = { waitFor: '/readyz' } as const

/** The five apps as processes of their own, and the fake gateway that producer-sim is as well. */
export interface RunningPlatform extends AsyncDisposable {
  readonly ingest: ManagedProcess
  readonly consumer: ManagedProcess
  readonly dispatcher: ManagedProcess
  readonly query: ManagedProcess
  readonly simulator: ManagedProcess
  readonly gatewayPort: number
  /** What all apps have in their environment; DATABASE_URL names the database of this platform alone. */
  readonly env: ServiceUrls & { readonly SUBJECT_PREFIX: string }
}

export interface PlatformOptions {
  /** Other servers than the tests' usual ones. */
  readonly services?: ServiceUrls
  /** Over the environment of every app. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the apps on a database and subjects of this test alone. @throws Error with the log of the app that does not come up */
export async function spawnPlatform(options: PlatformOptions = {}): Promise<RunningPlatform> {
  await using starting = new AsyncDisposableStack()
  const services = options.services ?? serviceUrls()
  const prefix = testPrefix()
  const database = starting.use(await createTestDatabase({ serverUrl: services.DATABASE_URL }))
  const shared = { ...services, DATABASE_URL: database.url, SUBJECT_PREFIX: prefix }
  starting.defer(() => cleanNats(services.NATS_URL, prefix))
  const env = { LOG_LEVEL: 'warn', ...shared, ...options.env }
  const start = async (app: AppName, more: Record<string, string> = {}) =>
    starting.use(await spawnApp(app, { ...env, ...more }, READY))
  // Known before they listen, because each app is given the addresses of the others.
  const [gatewayPort, simulatorPort] = [await freePort(), await freePort()]
  const gateway = { GATEWAY_URL: `http://127.0.0.1:${gatewayPort}` }
  const consumer = await start('consumer')
  const [ingest, dispatcher] = await Promise.all([start('ingest-api'), start('message-dispatcher', gateway)])
  const [query, simulator] = await Promise.all([
    start('query-api', {
      [urlVariable('ingest-api')]: ingest.url,
      [urlVariable('message-dispatcher')]: dispatcher.url,
      [urlVariable('consumer')]: consumer.url,
      [urlVariable('producer-sim')]: `http://127.0.0.1:${simulatorPort}`,
    }),
    start('producer-sim', {
      PORT: String(simulatorPort),
      [urlVariable('ingest-api')]: ingest.url,
      GATEWAY_PORT: String(gatewayPort),
    }),
  ])
  const running = starting.move()
  return {
    ...{ ingest, consumer, dispatcher, query, simulator, gatewayPort },
    env: shared,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

import { APP_NAMES, FAKE_GATEWAY, urlVariable, type AppName } from '@runnel/contracts/apps'
import { cleanNats } from './clean-nats.ts'
import type { ManagedProcess } from './managed-process.ts'
import { freePort } from './servers/free-port.ts'
import { onFreePorts } from './servers/on-free-ports.ts'
import { serviceUrls, type ServiceUrls } from './service-urls.ts'
import { spawnApp } from './spawn-app.ts'
import { createTestDatabase } from './test-database.ts'
import { testPrefix } from './test-prefix.ts'
import { useAll } from './use-all.ts'

type Env = Readonly<Record<string, string>>

/** Apps as processes of their own, and the fake gateway that producer-sim is as well. */
export interface RunningPlatform<Name extends AppName = AppName> extends AsyncDisposable {
  readonly apps: Readonly<Record<Name, ManagedProcess>>
  readonly gatewayPort: number
  /** What all apps have in their environment; DATABASE_URL names the database of this platform alone. */
  readonly env: ServiceUrls & { readonly SUBJECT_PREFIX: string }
  /** Starts another process of an app, with the environment of the first. */
  addReplica(app: Name): Promise<ManagedProcess>
}

export interface PlatformOptions<Name extends AppName = AppName> {
  /** Default: all. */
  readonly apps?: readonly Name[]
  /** Servers that nothing else uses, migrated. Default: a database and subjects of this platform alone on the usual servers. */
  readonly privateServices?: ServiceUrls
  /** Over the environment of every app. */
  readonly env?: Env
  /** Over the environment of one app. */
  readonly appEnv?: Readonly<Partial<Record<Name, Env>>>
}

/** Starts apps that find each other. @throws Error with the log of the app that does not come up */
export function spawnPlatform<Name extends AppName = AppName>(
  options: PlatformOptions<Name> = {},
): Promise<RunningPlatform<Name>> {
  return onFreePorts(() => spawnOnFreePorts(options))
}

async function spawnOnFreePorts<Name extends AppName>(
  options: PlatformOptions<Name>,
): Promise<RunningPlatform<Name>> {
  const { apps = APP_NAMES as readonly Name[], privateServices, appEnv } = options
  await using starting = new AsyncDisposableStack()
  const shared = privateServices
    ? { ...privateServices, SUBJECT_PREFIX: '' }
    : await isolate(serviceUrls(), starting)
  // Known before they listen, because each app is given the addresses of the others.
  const ports = new Map<Name, number>()
  for (const app of apps) ports.set(app, await freePort())
  const gatewayPort = await freePort()
  const scheme = options.env?.['TLS_CERT_FILE'] ? 'https' : 'http'
  const urls = [...ports].map(([app, port]) => [urlVariable(app), `${scheme}://127.0.0.1:${port}`])
  const env = {
    ...{ LOG_LEVEL: 'warn', ...shared, GATEWAY_URL: `http://127.0.0.1:${gatewayPort}` },
    ...(Object.fromEntries(urls) as Env),
    ...options.env,
  }
  const spawn = (app: Name, more: Env = {}) =>
    spawnApp(app, { ...env, ...appEnv?.[app], ...more }, { waitFor: '/readyz' })
  const start = (app: Name) => {
    const gateway: Env = app === FAKE_GATEWAY.app ? { [FAKE_GATEWAY.variable]: String(gatewayPort) } : {}
    return spawn(app, { PORT: String(ports.get(app)), ...gateway })
  }
  const started = await useAll(starting, apps.map(start))
  const running = starting.move()
  return {
    apps: Object.fromEntries(apps.map((app, n) => [app, started[n]])) as Record<Name, ManagedProcess>,
    gatewayPort,
    env: shared,
    addReplica: async (app) => running.use(await spawn(app)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** A database and subjects that nothing else uses, for as long as the platform runs. */
async function isolate(
  services: ServiceUrls,
  platform: AsyncDisposableStack,
): Promise<RunningPlatform['env']> {
  const prefix = testPrefix()
  const database = platform.use(await createTestDatabase({ serverUrl: services.DATABASE_URL }))
  platform.defer(() => cleanNats(services.NATS_URL, prefix))
  return { ...services, DATABASE_URL: database.url, SUBJECT_PREFIX: prefix }
}

import { freePort, spawnApp, type PostgresPair } from '@runnel/testing'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BrokenPromiseError } from '../ensure.ts'
import { controlGateway, type GatewayControl } from '../mailings/control-gateway.ts'
import { channelSettings, startReceivers, type Receivers } from '../mailings/receivers/start-receivers.ts'
import { startBroker, type BrokerName } from '../start-broker.ts'
import { startStores, storeOf, type PostgresName, type Store } from '../start-stores.ts'
import { TcpProxy } from '../proxy/tcp-proxy.ts'
import { APPS, LINES, STORES, type AppId, type LineId, type StoreId } from './fault.ts'
import { Line } from './line.ts'
import { OracleApp } from './oracle-app.ts'
import type { RawProducer } from './load/raw-producer.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

/** What a run needs: real apps, over lines of their own, on private stores. */
export interface TestEnvironment extends AsyncDisposable {
  readonly stores: Readonly<Record<StoreId, Store>>
  /** PostgreSQL, where it has a standby. */
  readonly pair: PostgresPair | undefined
  readonly producer: RawProducer
  readonly lines: ReadonlyMap<LineId, Line>
  readonly apps: ReadonlyMap<AppId, OracleApp>
  readonly gateway: GatewayControl
  readonly receivers: Receivers
  /** Of the tables; undefined where this process may not mount one, or PostgreSQL has a standby, which would share it. */
  readonly disk: SmallDisk | undefined
}

/** Short, so that a standstill of seconds outlasts them, and small, so that a burst fills a stream. */
const SETTINGS = {
  // A heap as in a small container, at the end of which a process dies. With that of a large machine, V8 lets garbage lie:
  // beside other work it grew to 550 MB, of which a fifth was in use.
  NODE_OPTIONS: '--max-old-space-size=192',
  SUBJECT_PREFIX: '',
  LOG_LEVEL: 'warn',
  ACK_WAIT_MS: '3000',
  LOGS_STREAM_BYTES: String(4 * 1024 ** 2),
  METRICS_STREAM_BYTES: String(4 * 1024 ** 2),
  PRODUCTS_STREAM_BYTES: String(4 * 1024 ** 2),
  PUBLISH_DEADLINE_MS: '3000',
  DATABASE_TIMEOUT_MS: '3000',
  GATEWAY_TIMEOUT_MS: '1000',
  GATEWAY_CONNECT_TIMEOUT_MS: '500',
  BREAKER_PROBE_INTERVAL_MS: '500',
  SCHEDULE_INTERVAL_MS: '250',
  SEND_INTERVAL_MS: '250',
  SEND_LEASE_MS: '3000',
  SEND_RETRY_MAX_MS: '5000',
}
const READY_MS = 180_000
const LOG_END_CHARS = 4000

/** @throws Error when something does not come up */
export async function startTestEnvironment(
  brokerName: BrokerName,
  postgresName: PostgresName,
): Promise<TestEnvironment> {
  await using starting = new AsyncDisposableStack()
  const disks = starting.use(new DisposableStack())
  const { broker, producer } = starting.use(await startBroker(brokerName))
  const { postgres, redis, pair } = starting.use(await startStores(postgresName))
  const stores = { broker: storeOf(broker), postgres, redis }
  const disk = pair ? undefined : await mountSmallDisk(stores.postgres.url)
  // After the server that has its files there.
  if (disk) disks.use(disk)
  const folder = mkdtempSync(join(tmpdir(), 'runnel-clocks-'))
  starting.defer(() => rmSync(folder, { recursive: true, force: true }))
  const lines = new Map<LineId, Line>()
  for (const line of LINES) {
    const store = line.split('>')[1] as StoreId
    const proxies: TcpProxy[] = []
    for (const port of stores[store].ports) {
      const proxy = await TcpProxy.listen(port)
      starting.defer(() => proxy.close())
      proxies.push(proxy)
    }
    lines.set(line, new Line(proxies))
  }
  const gatewayPort = String(await freePort())
  const simulator = starting.use(await spawnApp('producer-sim', { GATEWAY_PORT: gatewayPort }))
  const others = starting.use(await startReceivers(1, true))
  const shared = { ...SETTINGS, ...channelSettings(others), GATEWAY_URL: `http://127.0.0.1:${gatewayPort}` }
  const started = await Promise.all(
    APPS.map((id) => OracleApp.start(id, { ...shared, ...storeUrls(id, stores, lines) }, folder)),
  )
  const apps = new Map<AppId, OracleApp>(started.map((app) => [app.id, app]))
  starting.defer(async () => void (await Promise.all(started.map((app) => app.close()))))
  await waitUntilAnswering(started, READY_MS)
  const running = starting.move()
  const gateway = controlGateway(simulator.url)
  const receivers = { gateway, ...others.receivers }
  return {
    stores,
    pair,
    producer,
    lines,
    apps,
    gateway,
    receivers,
    disk,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Resolves once all of them are ready. @throws BrokenPromiseError that names the others, after `timeoutMs` */
export async function waitUntilAnswering(
  apps: Iterable<OracleApp>,
  timeoutMs: number,
  path: '/readyz' | '/healthz' = '/readyz',
): Promise<void> {
  const untilMs = Date.now() + timeoutMs
  await Promise.all(
    [...apps].map(async (app) => {
      while (!(await app.answers(path).catch(() => false)))
        if (Date.now() > untilMs)
          throw new BrokenPromiseError(
            `${app.id} did not answer ${path} within ${timeoutMs} ms\n${app.logs().slice(-LOG_END_CHARS)}`,
          )
        else await sleep(50)
    }),
  )
}

const SAMPLE_MS = 500

/** Notes the resident memory of every process, until it is disposed of. */
export function watchMemory({ apps }: TestEnvironment): Disposable {
  const timer = setInterval(() => {
    for (const app of apps.values()) app.sampleMemory()
  }, SAMPLE_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Saves the logs of a failed run. @returns the folder with what each app wrote */
export function saveLogs({ apps, stores }: TestEnvironment): string {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-oracle-'))
  for (const [id, app] of apps) writeFileSync(join(folder, `${id}.log`), app.logs())
  for (const id of STORES) writeFileSync(join(folder, `${id}.log`), stores[id].logs())
  return folder
}

/** Where the replicas of an app answer. */
export function replicaUrls({ apps }: TestEnvironment, name: string): string[] {
  return [...apps.values()].filter(({ id }) => id.startsWith(name)).map(({ url }) => url)
}

function storeUrls(
  app: AppId,
  stores: TestEnvironment['stores'],
  lines: ReadonlyMap<LineId, Line>,
): Record<string, string> {
  const variables = { broker: 'BROKER_URL', postgres: 'DATABASE_URL', redis: 'REDIS_URL' }
  return Object.fromEntries(
    STORES.map((store) => {
      const { ports } = lines.get(`${app}>${store}`) ?? stores[store]
      return [variables[store], stores[store].urlOver(ports)]
    }),
  )
}

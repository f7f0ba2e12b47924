import { eventually, spawnApp, startPrivateServices, type ManagedProcess } from '@runnel/testing'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TcpProxy } from '../../src/proxy/tcp-proxy.ts'

export const IDENTITY_SECRET = 'identity-secret-that-appears-nowhere-0001'
export const SNAPSHOT_SECRET = 'snapshot-secret-that-appears-nowhere-0002'
const STALE_MS = 30_000
/** Of a replica whose start may take as long as it likes. */
export const LONG_STALE_MS = 900_000
const REPLICAS = 3
/** As much of a log as is searched for secrets. */
const LOG_CHARS = 50_000_000

/** Three of ingest-api, whose way to PostgreSQL can be cut, and a message-dispatcher with one of its own. */
export interface KeyedReplicas extends AsyncDisposable {
  readonly services: Awaited<ReturnType<typeof startPrivateServices>>
  readonly dispatcher: ManagedProcess
  readonly replicas: readonly ManagedProcess[]
  /** Between the replicas and PostgreSQL. */
  readonly line: TcpProxy
  readonly adminKey: string
  /** Another replica of ingest-api. @param snapshot the name of its file of keys */
  startReplica(snapshot: string, staleMs: number): Promise<ManagedProcess>
  /** Files of keys by the names of their replicas; all of them by default. */
  readSnapshots(name?: string): string
}

export async function startKeyedReplicas(): Promise<KeyedReplicas> {
  await using starting = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'runnel-keys-'))
  starting.defer(() => rmSync(folder, { recursive: true, force: true }))
  const services = starting.use(await startPrivateServices())
  const line = await TcpProxy.listen(services.postgres.port)
  starting.defer(() => line.close())
  const access = {
    ...services.urls,
    ...{ AUTH: 'keys', IDENTITY_SECRET, LOG_LEVEL: 'trace' },
  }
  const dispatcher = starting.use(await spawnApp('message-dispatcher', access, { logChars: LOG_CHARS }))
  const adminKey = await eventually(() => /rnl_[a-z2-7]+_\w+/.exec(dispatcher.logs())?.[0])
  const url = new URL(services.postgres.url)
  url.port = String(line.port)
  const startReplica = (snapshot: string, staleMs = STALE_MS) => {
    const file = { KEYS_SNAPSHOT_FILE: join(folder, snapshot), KEYS_SNAPSHOT_SECRET: SNAPSHOT_SECRET }
    const env = { ...access, ...file, DATABASE_URL: url.href, KEYS_STALE_MS: String(staleMs) }
    return spawnApp('ingest-api', env, { logChars: LOG_CHARS })
  }
  const start = async (_: unknown, n: number) => starting.use(await startReplica(`replica-${n}`))
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, start))
  const readSnapshots = (wanted?: string) =>
    readdirSync(folder)
      .filter((name) => wanted === undefined || name === wanted)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('\n')
  const running = starting.move()
  return {
    ...{ services, dispatcher, replicas, line, adminKey, readSnapshots },
    startReplica: async (snapshot, staleMs) => running.use(await startReplica(snapshot, staleMs)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

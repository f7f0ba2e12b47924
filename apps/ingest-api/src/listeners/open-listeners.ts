import { createNetworkList } from '@runnel/http'
import { createRareWarning, type Logger, type Metrics } from '@runnel/observability'
import type { TlsSettings } from '@runnel/runtime'
import { createSubmit, type SubmitOptions } from './create-submit.ts'
import { openDatagramServer } from './datagram/open-datagram-server.ts'
import { DEFAULT_LISTENERS, type ListenerKind, type ListenerKinds } from './default-listeners.ts'
import { createListenerMetrics, type ListenerCounts } from './listener-metrics.ts'
import { openPorts } from './require-safe-listeners.ts'
import { listenerSettings, type ListenerPort, type ListenerSettings } from './settings.ts'
import type { ListenerDeps, OpenListener } from './shared-deps.ts'
import { ConnectionPool } from './stream/connection-pool.ts'
import { openStreamServer } from './stream/open-stream-server.ts'

interface ListenersOptions extends Omit<SubmitOptions, 'metrics' | 'namespace'> {
  readonly settings: ListenerSettings
  /** Default: {@link DEFAULT_LISTENERS}. */
  readonly kinds?: ListenerKinds
  /** Where {@link ListenerSettings.host} is empty. */
  readonly host: string
  readonly tls: TlsSettings | undefined
  /** Whether keys are asked for elsewhere, so that idempotency keys have an owner. */
  readonly hasKeys: boolean
  readonly peerPercent: number
  readonly metrics: Metrics
  readonly intakeMetrics: SubmitOptions['metrics']
}

/** What the configuration of an app says of its listeners. */
export function listenersOf(config: {
  readonly listeners: ListenerSettings
  readonly host: string
  readonly tls?: TlsSettings
  readonly access: { readonly auth: string }
  readonly http: { readonly peerPercent: number }
}): Pick<ListenersOptions, 'settings' | 'host' | 'tls' | 'hasKeys' | 'peerPercent'> {
  const { listeners, host, tls, access, http } = config
  return { settings: listeners, host, tls, hasKeys: access.auth === 'keys', peerPercent: http.peerPercent }
}

interface Listeners {
  readonly open: readonly OpenListener[]
  /** What people should know of them, for /readyz; undefined where all is well. */
  note(): string | undefined
  close(): Promise<void>
}

/** A port that cannot be opened, in words for the person who set it. */
export class ListenerPortError extends Error {
  constructor(port: ListenerPort, { settings, host }: ListenersOptions, cause: unknown) {
    const { code } = cause as NodeJS.ErrnoException
    const { variable } = listenerSettings.ports[port]
    const problem = code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${code ?? String(cause)})`
    const address = settings.host || host
    super(`Port ${settings.ports[port]} on ${address} ${problem}: set ${variable} to another port`, { cause })
    this.name = 'ListenerPortError'
  }
}

/**
 * Whose idempotency keys those of chunks are, where keys have owners. What comes without HTTP comes from no key: it may write logs and metrics,
 * as the one who set the port decided, and no client can use up or guess its idempotency keys.
 */
const NAMESPACE = 'listeners'

/**
 * Opens every port that is set.
 *
 * @throws ListenerPortError; those that were open by then are closed
 */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { settings, kinds = DEFAULT_LISTENERS, metrics, hasKeys, intakeMetrics, log } = options
  const submit = createSubmit({
    ...options,
    metrics: intakeMetrics,
    ...(hasKeys && { namespace: NAMESPACE }),
  })
  const countsOf = createListenerMetrics(metrics, intakeMetrics)
  const pool = new ConnectionPool(settings.limits)
  const open: OpenListener[] = []
  const all: [name: string, counts: ListenerCounts][] = []
  const close = async (): Promise<void> => {
    await Promise.all(open.map((listener) => listener.close()))
  }
  for (const port of openPorts(settings)) {
    const kind = kinds[port]
    const { name } = kind
    const counts = countsOf(name)
    all.push([name, counts])
    try {
      const deps = createDeps(name, { ...options, submit, counts })
      open.push(await openPort(port, kind, deps, options, pool))
      log.info({ listener: name, port: open.at(-1)!.port }, 'listening')
    } catch (error) {
      await close()
      throw new ListenerPortError(port, options, error)
    }
  }
  return { open, note: () => describeDrops(all), close }
}

function describeDrops(
  listeners: readonly (readonly [name: string, counts: ListenerCounts])[],
): string | undefined {
  const dropped = listeners.filter(([, { droppedTotal }]) => droppedTotal > 0)
  if (dropped.length === 0) return undefined
  const numbers = dropped.map(([name, { droppedTotal }]) => `${name} ${droppedTotal}`).join(', ')
  return `Dropped since the start: ${numbers}; runnel_listener_dropped_total says why`
}

interface DepsOptions extends Pick<ListenersOptions, 'settings' | 'log' | 'lastCall'> {
  readonly submit: ListenerDeps['submit']
  readonly counts: ListenerCounts
}

function createDeps(name: string, { settings, log, lastCall, submit, counts }: DepsOptions): ListenerDeps {
  const { limits, allowedNetworks } = settings
  const isAllowed = allowedNetworks.length === 0 ? () => true : createNetworkList(allowedNetworks)
  return { name, limits, submit, counts, log, lastCall, isAllowed, warn: createWarn(name, log) }
}

function createWarn(listener: string, log: Logger): ListenerDeps['warn'] {
  return createRareWarning((fields) =>
    log.warn({ listener, ...fields }, 'a sender without HTTP was refused, or what it sent was dropped'),
  )
}

function openPort(
  port: ListenerPort,
  { protocol, tls: isTls }: ListenerKind,
  deps: ListenerDeps,
  { settings, host: defaultHost, tls, peerPercent }: ListenersOptions,
  pool: ConnectionPool,
): Promise<OpenListener> {
  const at = { ...deps, host: settings.host || defaultHost, port: settings.ports[port]! }
  if (protocol.transport === 'datagrams')
    return openDatagramServer({ ...at, protocol: protocol.create(settings), peerPercent })
  const withTls = isTls ? tls : undefined
  return openStreamServer({ ...at, protocol: protocol.create(settings), pool, tls: withTls })
}

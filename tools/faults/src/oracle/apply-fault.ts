import { setTimeout as sleep } from 'node:timers/promises'
import { PASS } from '../proxy/tcp-proxy.ts'
import { APPS, targetOf, type Fault, type StoreId } from './fault.ts'
import type { LaterVersion } from './later-version.ts'
import type { Clients } from './load/deliver.ts'
import { publishPoison } from './load/publish-poison.ts'
import type { RawProducer } from './load/raw-producer.ts'
import type { Locks } from './locks.ts'
import { replicaUrls, type TestEnvironment } from './test-environment.ts'
import { postEvents } from './load/post-events.ts'

/** More than the byte limit of a stream in this run. */
const EVENTS = 110

/** Large logs at once, more than the broker takes while no consumer runs; they are sent again until they are stored. */
function fillStream(clients: Clients, urls: readonly string[], until: AbortSignal): void {
  for (let number = 0; number < EVENTS && !until.aborted; number++)
    void postEvents(clients, urls, [clients.ledger.add('large', 'logs')])
}

/** What {@link applyFault} needs. */
export interface FaultContext {
  readonly environment: TestEnvironment
  readonly clients: Clients
  readonly producer: RawProducer
  readonly locks: Locks
  readonly laterVersion: LaterVersion
}

const CONSUMERS = ['consumer-1', 'consumer-2'] as const
/** A deployment goes on where an app cannot become ready: its store may be away. */
const READY_WAIT_MS = 3000
/** Longer than a disk is full. */
const RESTARTS_MS = 60_000
const RESTART_PAUSE_MS = 500
const GATEWAY_OK = { mode: 'ok' }

/** Injects a fault, waits as long as it lasts, and removes it. @throws Error when something does not come back */
export async function applyFault(deps: FaultContext, fault: Fault): Promise<void> {
  const { environment, clients, producer, locks } = deps
  if (fault.type === 'deploy') return deploy(deps)
  const things = fault.type === 'fill-stream' ? CONSUMERS : [targetOf(fault)]
  await locks.hold(things, async () => {
    switch (fault.type) {
      case 'kill-app':
        return environment.apps.get(fault.app)!.kill(fault.lastsMs)
      case 'stop-app':
        return environment.apps.get(fault.app)!.standStill(fault.lastsMs)
      case 'kill-store':
        return killStore(deps, fault.store, fault.lastsMs)
      case 'standby-away':
        return loseStandby(environment, fault)
      case 'cut-line':
        return environment.lines.get(fault.line)!.cut()
      case 'trouble-line': {
        const line = environment.lines.get(fault.line)!
        line.set(fault.mode)
        await sleep(fault.lastsMs)
        return line.set(PASS)
      }
      case 'fill-stream': {
        const standing = CONSUMERS.map((id) => environment.apps.get(id)!.standStill(fault.lastsMs))
        fillStream(clients, replicaUrls(environment, 'ingest-api'), AbortSignal.timeout(fault.lastsMs))
        return void (await Promise.all(standing))
      }
      case 'step-clock': {
        const app = environment.apps.get(fault.app)!
        app.stepClock(fault.byMs)
        await sleep(fault.lastsMs)
        return app.stepClock(0)
      }
      case 'fill-disk':
        environment.disk?.fill()
        await sleep(fault.lastsMs)
        return environment.disk?.clear()
      case 'poison':
        // Not awaited: what is not confirmed yet is published again while other faults happen.
        return void publishPoison(clients, producer, fault)
      case 'migrate':
        return deps.laterVersion.migrate()
      case 'gateway':
        await environment.gateway.patch(fault.change)
        await sleep(fault.lastsMs)
        return environment.gateway.patch(GATEWAY_OK)
    }
  })
}

async function killStore(
  { environment: { stores, pair }, producer }: FaultContext,
  store: StoreId,
  awayMs: number,
): Promise<void> {
  if (store === 'postgres' && pair) {
    await pair.failOver(awayMs)
    return pair.rejoin()
  }
  if (store === 'broker') await producer.beforeKill()
  // Immediate shutdown of PostgreSQL: no checkpoint, clients are cut; the next start recovers.
  await stores[store].kill(store === 'postgres' ? 'SIGQUIT' : 'SIGKILL')
  await sleep(awayMs)
  await superviseRestart(() => stores[store].restart())
}

/** As a supervisor does: PostgreSQL cannot recover while its disk is full, and is started again until there is room. */
async function superviseRestart(restart: () => Promise<unknown>): Promise<void> {
  for (const untilMs = Date.now() + RESTARTS_MS; ; await sleep(RESTART_PAUSE_MS))
    try {
      return void (await restart())
    } catch (error) {
      if (Date.now() >= untilMs) throw error
    }
}

/** Some of the commits that wait are cancelled by an administrator: they are on the primary alone, and no client may take them for safe. */
async function loseStandby(
  { pair }: TestEnvironment,
  { cancels, lastsMs }: { readonly cancels: boolean; readonly lastsMs: number },
): Promise<void> {
  const away = pair!.loseStandby(lastsMs)
  // Reported where it is awaited.
  away.catch(() => undefined)
  if (cancels) {
    await sleep(lastsMs / 2)
    await pair!.cancelWaits()
  }
  await away
}

/** A rolling deployment: each app is drained and replaced once the one before is there. */
async function deploy({ environment, locks }: FaultContext): Promise<void> {
  for (const id of APPS) {
    const app = environment.apps.get(id)!
    await locks.hold([id], () => app.replace(READY_WAIT_MS))
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { PASS } from '../proxy/tcp-proxy.ts'
import { APPS, targetOf, type Fault } from './fault.ts'
import type { LaterVersion } from './later-version.ts'
import type { Clients } from './load/deliver.ts'
import { fillStream } from './load/fill-stream.ts'
import { poison } from './load/publish-poison.ts'
import type { Locks } from './locks.ts'
import { urlsLike, type World } from './test-environment.ts'
import type { NatsConnection } from 'nats'

/** What the doing of harm needs. */
export interface Inflict {
  readonly world: World
  readonly clients: Clients
  readonly nc: NatsConnection
  readonly locks: Locks
  readonly laterVersion: LaterVersion
}

const CONSUMERS = ['consumer-1', 'consumer-2'] as const
/** A deployment goes on where an app cannot become ready: its store may be away. */
const PATIENCE_MS = 3000
const GATEWAY_WELL = { mode: 'ok' }

/** Does it, waits as long as it lasts, and undoes it. @throws Error when something does not come back */
export async function inflict(deps: Inflict, fault: Fault): Promise<void> {
  const { world, clients, nc, locks } = deps
  if (fault.type === 'deploy') return deploy(deps)
  const things = fault.type === 'fill-stream' ? CONSUMERS : [targetOf(fault)]
  await locks.hold(things, async () => {
    switch (fault.type) {
      case 'kill-app':
        return world.apps.get(fault.app)!.kill(fault.lastsMs)
      case 'stop-app':
        return world.apps.get(fault.app)!.standStill(fault.lastsMs)
      case 'kill-store':
        return killStore(world, fault.store, fault.lastsMs)
      case 'cut-line':
        return world.lines.get(fault.line)!.cut()
      case 'trouble-line': {
        const line = world.lines.get(fault.line)!
        line.set(fault.mode)
        await sleep(fault.lastsMs)
        return line.set(PASS)
      }
      case 'fill-stream': {
        const standing = CONSUMERS.map((id) => world.apps.get(id)!.standStill(fault.lastsMs))
        fillStream(clients, urlsLike(world, 'ingest-api'), AbortSignal.timeout(fault.lastsMs))
        return void (await Promise.all(standing))
      }
      case 'poison':
        // What is not confirmed yet is tried on, while other things happen.
        return void poison(clients, nc, fault)
      case 'migrate':
        return deps.laterVersion.migrate()
      case 'gateway':
        await world.gateway.patch(fault.change)
        await sleep(fault.lastsMs)
        return world.gateway.patch(GATEWAY_WELL)
    }
  })
}

async function killStore(
  { stores }: World,
  store: 'nats' | 'postgres' | 'redis',
  awayMs: number,
): Promise<void> {
  // Immediate shutdown of PostgreSQL: no checkpoint, clients are cut; the next start recovers.
  await stores[store].kill(store === 'postgres' ? 'SIGQUIT' : 'SIGKILL')
  await sleep(awayMs)
  await stores[store].restart()
}

/** A rolling deployment: each app is drained and replaced once the one before is there. */
async function deploy({ world, locks }: Inflict): Promise<void> {
  for (const id of APPS) {
    const app = world.apps.get(id)!
    await locks.hold([id], () => app.replace(PATIENCE_MS))
  }
}

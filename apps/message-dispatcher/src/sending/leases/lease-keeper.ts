import type { Bell } from '../bell.ts'
import { sendUntilMs, type EngineDeps } from '../engine-deps.ts'
import type { LeasedWork } from './leased-work.ts'
import { isDone, type Work } from './work.ts'

type KeeperDeps = Pick<EngineDeps, 'log' | 'store' | 'options' | 'monotonicMs'>

/** Renews leases while their work continues, and gives back what is done or stopped. */
export interface LeaseKeeper {
  /** Runs until {@link close}. */
  run(): Promise<void>
  close(): void
  /** Does one round. @throws what the database throws */
  keepLeases(): Promise<void>
}

/** Leases are renewed after this part of their time, so that a few failed renewals do no harm. */
export const RENEW_AFTER = 1 / 3

/** @param bell rung when work is done */
export function createLeaseKeeper(deps: KeeperDeps, leased: LeasedWork, bell: Bell): LeaseKeeper {
  const { log, options, monotonicMs } = deps
  let closed = false
  const keepLeases = async () => {
    stopLate(leased, monotonicMs())
    await releaseDone(deps, leased)
    await releaseUnused(deps, leased)
    await renew(deps, leased)
  }
  return {
    keepLeases,
    async run() {
      while (!closed) {
        try {
          await keepLeases()
          await bell.wait(options.leaseMs / 10)
        } catch (err) {
          log.warn({ err }, 'leases cannot be renewed or given back; trying again')
          await bell.wait(options.retryDelayMs)
        }
      }
    },
    close() {
      closed = true
      bell.ring()
    },
  }
}

function stopLate(leased: LeasedWork, nowMs: number): void {
  for (const work of leased.chunks.values()) if (nowMs >= work.sendUntilMs) leased.stop(work)
}

async function releaseDone({ store }: KeeperDeps, leased: LeasedWork): Promise<void> {
  const done = [...leased.chunks.values()].filter(isDone)
  const releases = done.map(({ chunk, token, startedThrough }) => ({
    chunkId: chunk!.id,
    token,
    startedThrough,
  }))
  await store.releaseChunks(releases)
  for (const work of done) leased.chunks.delete(work.chunk!.id)
}

async function releaseUnused({ store }: KeeperDeps, leased: LeasedWork): Promise<void> {
  for (const [token, messageIds] of [...leased.unusedRetries]) {
    await store.releaseRetries(token, messageIds)
    const later = leased.unusedRetries.get(token)!.slice(messageIds.length)
    if (later.length === 0) leased.unusedRetries.delete(token)
    else leased.unusedRetries.set(token, later)
  }
}

/** Stopped work keeps its lease too while sends are under way, so that no other replica takes their outcome for unknown. */
async function renew({ store, options, monotonicMs }: KeeperDeps, leased: LeasedWork): Promise<void> {
  const requestedMs = monotonicMs()
  const due: Work[] = [...leased.chunks.values()].filter(({ renewAtMs }) => renewAtMs <= requestedMs)
  const leases = due.map(({ chunk, token }) => ({ chunkId: chunk!.id, token }))
  const renewed = await store.renewLeases(leases, options.leaseMs)
  for (const work of due) {
    if (renewed.has(work.chunk!.id)) {
      work.sendUntilMs = sendUntilMs(requestedMs, options)
      work.renewAtMs = requestedMs + options.leaseMs * RENEW_AFTER
    } else {
      work.renewAtMs = Infinity
      leased.stop(work)
    }
  }
}

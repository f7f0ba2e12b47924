import type { Bell } from '../bell.ts'
import { sendUntilMs, type EngineDeps } from '../engine-deps.ts'
import type { WorkInHand } from './leased-work.ts'
import { isDone, type Work } from './work.ts'

type KeeperDeps = Pick<EngineDeps, 'log' | 'store' | 'options' | 'monotonicMs'>

/** Renews leases while their work goes on, and gives back what is done or stopped. */
export interface LeaseKeeper {
  /** Runs until {@link close}. */
  run(): Promise<void>
  close(): void
  /** One round. @throws what the database throws */
  tend(): Promise<void>
}

/** Leases are renewed after this part of their time, so that a few failures do no harm. */
export const RENEW_AFTER = 1 / 3

/** @param bell rung when something is done */
export function createLeaseKeeper(deps: KeeperDeps, hand: WorkInHand, bell: Bell): LeaseKeeper {
  const { log, options, monotonicMs } = deps
  let closed = false
  const tend = async () => {
    stopLate(hand, monotonicMs())
    await releaseDone(deps, hand)
    await releaseUnused(deps, hand)
    await renew(deps, hand)
  }
  return {
    tend,
    async run() {
      while (!closed) {
        try {
          await tend()
          await bell.wait(options.leaseMs / 10)
        } catch (err) {
          log.warn({ err }, 'leases cannot be kept')
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

function stopLate(hand: WorkInHand, nowMs: number): void {
  for (const work of hand.chunks.values()) if (nowMs >= work.sendUntilMs) hand.stop(work)
}

async function releaseDone({ store }: KeeperDeps, hand: WorkInHand): Promise<void> {
  const done = [...hand.chunks.values()].filter(isDone)
  const releases = done.map(({ chunk, token, startedThrough }) => ({
    chunkId: chunk!.id,
    token,
    startedThrough,
  }))
  await store.releaseChunks(releases)
  for (const work of done) hand.chunks.delete(work.chunk!.id)
}

async function releaseUnused({ store }: KeeperDeps, hand: WorkInHand): Promise<void> {
  for (const [token, messageIds] of [...hand.unusedRetries]) {
    await store.releaseRetries(token, messageIds)
    const later = hand.unusedRetries.get(token)!.slice(messageIds.length)
    if (later.length === 0) hand.unusedRetries.delete(token)
    else hand.unusedRetries.set(token, later)
  }
}

/** What is stopped keeps its lease too while results are under way: nobody else needs to doubt those. */
async function renew({ store, options, monotonicMs }: KeeperDeps, hand: WorkInHand): Promise<void> {
  const askedMs = monotonicMs()
  const due: Work[] = [...hand.chunks.values()].filter(({ renewAtMs }) => renewAtMs <= askedMs)
  const leases = due.map(({ chunk, token }) => ({ chunkId: chunk!.id, token }))
  const renewed = await store.renewLeases(leases, options.leaseMs)
  for (const work of due) {
    if (renewed.has(work.chunk!.id)) {
      work.sendUntilMs = sendUntilMs(askedMs, options)
      work.renewAtMs = askedMs + options.leaseMs * RENEW_AFTER
    } else {
      work.renewAtMs = Infinity
      hand.stop(work)
    }
  }
}

import { createBell } from './bell.ts'
import type { EngineDeps } from './engine-deps.ts'
import { runFeeder } from './feeder.ts'
import { createLeaseKeeper } from './leases/lease-keeper.ts'
import { createPump } from './pump.ts'
import { createResultFlusher } from './results/result-flusher.ts'
import { createWorkInHand } from './leases/leased-work.ts'

/**
 * Sends messages until the signal aborts. Four hands share the work: the feeder leases and begins, the pump sends, the flusher
 * records, the keeper renews leases and gives back. Everything between them is bounded.
 *
 * @returns resolves once nothing is under way, everything is recorded and every lease given back
 */
export async function runEngine(deps: EngineDeps): Promise<void> {
  const { rates, signal } = deps
  const feed = createBell()
  const keep = createBell()
  const hand = createWorkInHand(rates, keep.ring)
  const flusher = createResultFlusher(deps, () => {
    keep.ring()
    pump.run()
  })
  const pump = createPump(deps, hand, flusher, () => {
    if (hand.queue.length <= hand.lowWater) feed.ring()
  })
  const keeper = createLeaseKeeper(deps, hand, keep)
  signal.addEventListener('abort', feed.ring)
  const flushing = flusher.run()
  const keeping = keeper.run()
  await runFeeder(deps, hand, pump, { feed, keep })
  signal.removeEventListener('abort', feed.ring)
  await drain()

  async function drain(): Promise<void> {
    const halted = pump.halt()
    hand.stopAll()
    await halted
    flusher.close()
    await flushing.catch((err: unknown) =>
      deps.log.error({ err }, 'results were lost: the database stayed away'),
    )
    keeper.close()
    await keeping
    await keeper.tend().catch((err: unknown) => deps.log.warn({ err }, 'leases are left to run out'))
  }
}

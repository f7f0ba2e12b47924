import { createBell } from './bell.ts'
import type { EngineDeps } from './engine-deps.ts'
import { runFeeder } from './run-feeder.ts'
import { createLeaseKeeper } from './leases/lease-keeper.ts'
import { createPump } from './pump.ts'
import { createResultFlusher } from './results/result-flusher.ts'
import { createLeasedWork } from './leases/leased-work.ts'
import { Shares } from './leases/shares.ts'

/**
 * Sends messages until the signal aborts. Four parts share the work: the feeder leases and begins, the pump sends, the flusher
 * records, the keeper renews leases and gives them back. Everything between them is bounded.
 *
 * @returns resolves once nothing is under way, everything is recorded and every lease given back
 */
export async function runEngine(deps: EngineDeps): Promise<void> {
  const { rates, signal } = deps
  const feed = createBell()
  const keep = createBell()
  const { ratePerSecond } = deps.options
  const shares = new Shares({ ratePerSecond, now: deps.monotonicMs })
  const leased = createLeasedWork(rates, shares, keep.ring)
  const flusher = createResultFlusher(deps, () => {
    keep.ring()
    pump.run()
  })
  const pump = createPump(deps, leased, flusher, () => {
    if (leased.isLow()) feed.ring()
  })
  const keeper = createLeaseKeeper(deps, leased, keep)
  signal.addEventListener('abort', feed.ring)
  const flushing = flusher.run()
  const keeping = keeper.run()
  await runFeeder(deps, leased, pump, { feed, keep })
  signal.removeEventListener('abort', feed.ring)
  await drain()

  async function drain(): Promise<void> {
    const halted = pump.halt()
    leased.stopAll()
    await halted
    flusher.close()
    await flushing.catch((err: unknown) =>
      // They are found again: what was begun and has no result is sent once more, or unknown, as after a crash.
      deps.log.warn(
        { err, results: flusher.size },
        'results could not be recorded before the end: the replica that takes over settles their messages',
      ),
    )
    keeper.close()
    await keeping
    await keeper
      .keepLeases()
      .catch((err: unknown) => deps.log.warn({ err }, 'leases could not be given back; they will expire'))
  }
}

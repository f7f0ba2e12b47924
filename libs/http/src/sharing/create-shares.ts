import { counter, gauge, type Metrics } from '@runnel/observability'
import type { HttpOptions } from '../create-http-server.ts'
import { FairShare, type FairShareOptions } from './fair-share.ts'

interface PoolOptions extends Omit<FairShareOptions, 'permitsOfPeer' | 'waitingOfPeer' | 'onRefused'> {
  /** For metrics: `searches`. */
  readonly name: string
}

/** Makes pools of which one peer gets its percentage at most, and at least one. */
export type CreateShare = (pool: PoolOptions) => FairShare

/** @param metrics where refusals are counted, and what is held and waits is shown */
export function createShares(
  metrics: Metrics,
  { peerPercent }: Pick<HttpOptions, 'peerPercent'>,
): CreateShare {
  const pools = new Map<string, FairShare>()
  const refused = counter(
    metrics,
    'runnel_share_refused_total',
    'Requests that were refused because a pool or the part of their peer was in use',
    ['pool', 'reason'],
  )
  gauge(
    metrics,
    'runnel_share_held',
    'Permits of a pool that are held',
    ['pool'],
    (made) => {
      for (const [pool, share] of pools) made.set({ pool }, share.held)
    },
    'sum',
  )
  gauge(
    metrics,
    'runnel_share_waiting',
    'Requests that wait for a permit of a pool',
    ['pool'],
    (made) => {
      for (const [pool, share] of pools) made.set({ pool }, share.waiting)
    },
    'sum',
  )
  return ({ name, ...options }) => {
    const share = new FairShare({
      ...options,
      permitsOfPeer: partOfPeer(options.permits, peerPercent),
      waitingOfPeer: partOfPeer(options.waiting ?? 0, peerPercent),
      onRefused: (reason) => refused.inc({ pool: name, reason }),
    })
    pools.set(name, share)
    return share
  }
}

/** @returns what one peer may have of a whole: never less than one, and never all where there is more than one */
export function partOfPeer(whole: number, percent: number): number {
  return Math.max(1, Math.floor((whole * percent) / 100))
}

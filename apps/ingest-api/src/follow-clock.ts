import type { Topology } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import { pause } from '@runnel/runtime'
import type { NoticedClock } from './noticed-clock.ts'

export interface FollowClockOptions {
  readonly notices: Notices
  readonly topology: Pick<Topology, 'clock' | 'clockWanted'>
  readonly clock: Pick<NoticedClock, 'receive' | 'offsetMs'>
  readonly signal: AbortSignal
}

const ASK_MS = 1000
/** Consumers may be down for as long as they like: after that it waits for their own notices. */
const MAX_ASKED = 30

/** Follows the database's time. Asks for it at the start, so that it is known before the first events come. */
export function followClock({ notices, topology, clock, signal }: FollowClockOptions): { close(): void } {
  const unsubscribe = notices.subscribe(topology.clock, (payload) => clock.receive(payload))
  const ask = async () => {
    for (let asked = 0; asked < MAX_ASKED && !signal.aborted && clock.offsetMs() === undefined; asked++) {
      notices.send(topology.clockWanted, new Uint8Array())
      await pause(ASK_MS, signal)
    }
  }
  void ask()
  return { close: unsubscribe }
}

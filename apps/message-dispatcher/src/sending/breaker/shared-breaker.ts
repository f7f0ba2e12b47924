import type { ChannelName } from '@runnel/contracts'
import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import type { Clock } from '../../clock.ts'
import { createBreakerLog } from './breaker-log.ts'
import { BreakerMachine } from './breaker-machine.ts'
import { BreakerRow } from './breaker-row.ts'
import type { ChannelBreaker } from './channel-breaker.ts'

export interface BreakerOptions {
  /** A channel that works again is noticed within this time. */
  readonly probeIntervalMs: number
  /** Of one attempt. A replica that dies with the probe loses it a little later. */
  readonly timeoutMs: number
  /** The shared state is read at most this often. */
  readonly refreshMs?: number
}

export interface BreakerDeps {
  /** Default: the gateway. */
  readonly channel?: ChannelName
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
  /** Monotonic milliseconds. */
  readonly now?: () => number
  /** Evenly distributed in [0, 1). */
  readonly random?: () => number
}

const REFRESH_MS = 500

/** Longest wait before the state is read again: another replica may have closed the breaker. */
const RECHECK_MS = 1000

/** Time for taking the probe and recording its result, in addition to the attempt itself. */
const HOLD_MARGIN_MS = 2000

/** What a channel sends through, in words. */
const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = {
  gateway: 'the gateway',
  email: 'the mail server',
  webhook: 'the receivers of webhooks',
}

/** A breaker whose state is one row that all replicas share. Changes take effect in this process at once, and are written afterwards. */
export function createSharedBreaker(options: BreakerOptions, deps: BreakerDeps): ChannelBreaker {
  const { channel = 'gateway', database, clock } = deps
  const { now = () => performance.now(), random = Math.random } = deps
  const { probeIntervalMs, refreshMs = REFRESH_MS } = options
  const holdMs = options.timeoutMs + HOLD_MARGIN_MS
  const log = createBreakerLog(deps.log, clock, CHANNEL_WORDS[channel])
  const machine = new BreakerMachine(
    { probeIntervalMs, holdMs },
    {
      ...{ clock, log, now, random },
      onChange: (change) => row.change(change),
      onPause: (untilMs) => row.pause(untilMs),
    },
  )
  const row = new BreakerRow({ channel, database, machine, log, now, holdMs })
  const mayProbeOthers = () => !row.hasChange && machine.mayProbeEarly()
  return {
    get state() {
      return machine.state
    },
    get reason() {
      return machine.reason
    },
    suspects: machine.suspects,
    hadTurn: machine.hadTurn,
    get mayProbeOthers() {
      return mayProbeOthers()
    },
    allowance: (full) => machine.allowance(full),
    report: (result, origin) => machine.report(result, origin),
    resumesInMs: () => machine.resumesInMs(),
    waitMs() {
      if (machine.allowance(1) > 0) return 0
      return Math.min(RECHECK_MS, Math.max(1, Math.ceil(machine.resumesInMs() ?? 0)))
    },
    beginRound: () => machine.hadTurn.clear(),
    async takeEarlyProbe() {
      if (!mayProbeOthers()) return false
      await row.synchronise('early')
      return machine.state === 'probing'
    },
    async refresh() {
      machine.notePause()
      machine.stepUp()
      const isDue = !row.hasChange && machine.isProbeDue()
      if (row.ageMs >= refreshMs || row.hasUnwritten || isDue) await row.synchronise()
    },
  }
}

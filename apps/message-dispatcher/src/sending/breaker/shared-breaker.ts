import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import {
  changeProviderState,
  pauseProvider,
  type ProviderChange,
  type ProviderState,
  readProviderState,
  takeProbe,
} from '@runnel/repositories-mailings'
import type { Clock } from '../../clock.ts'
import { isFailing, isWorking, mayStepUp, RAMP_SHARES, requestedPauseMs } from './breaker-rules.ts'
import { UNREAD, viewAfter, viewOf, type BreakerView } from './breaker-view.ts'
import { ResultWindow } from './result-window.ts'
import type { BreakerState, GatewayBreaker } from './gateway-breaker.ts'
import type { SendResult } from '../gateway/gateway.ts'

export interface BreakerOptions {
  /** A gateway that works again is noticed within this time. */
  readonly probeIntervalMs: number
  /** Of one attempt. A replica that dies with the probe loses it a little later. */
  readonly timeoutMs: number
  /** The shared state is read at most this often. */
  readonly refreshMs?: number
}

export interface BreakerDeps {
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

/** A probe is due up to this part of the interval early, never late, so that replicas do not poll in step. */
const PROBE_JITTER = 0.2

/** A pause is written again only where it is longer by at least this. */
const PAUSE_GRAIN_MS = 1000

/** A breaker whose state is one row that all replicas share. */
export function createSharedBreaker(options: BreakerOptions, deps: BreakerDeps): GatewayBreaker {
  return new SharedBreaker(options, deps)
}

/**
 * Changes take effect in this process at once and are written afterwards, under the version that was read: where another
 * replica was faster, its change holds. A change that cannot be written holds in this process, and is written later.
 */
class SharedBreaker implements GatewayBreaker {
  readonly #options: BreakerOptions
  readonly #deps: BreakerDeps
  readonly #now: () => number
  readonly #window: ResultWindow
  readonly #holdMs: number
  #view: BreakerView = UNREAD
  /** This replica holds the probe until then. */
  #probingUntil = 0
  /** Results of attempts that began earlier, by the dispatcher's clock, are not counted for the current state. */
  #sinceMs = -Infinity
  #unwritten: ProviderChange | undefined
  #pauseWritten = 0
  #readAt = -Infinity
  #synchronising: Promise<void> | undefined
  #isUnreachable = false

  constructor(options: BreakerOptions, deps: BreakerDeps) {
    this.#options = options
    this.#deps = deps
    this.#now = deps.now ?? (() => performance.now())
    this.#window = new ResultWindow(this.#now)
    this.#holdMs = options.timeoutMs + HOLD_MARGIN_MS
  }

  get state(): BreakerState {
    const { state } = this.#view
    return state === 'open' && this.#probingUntil > this.#now() ? 'probing' : state
  }

  allowance(full: number): number {
    if (this.#view.pausedUntil > this.#now()) return 0
    const { state } = this
    if (state === 'open') return 0
    if (state === 'probing') return Math.min(1, full)
    if (state === 'closed') return full
    return Math.min(full, Math.max(1, Math.floor(full * (RAMP_SHARES[this.#view.step] ?? 1))))
  }

  waitMs(): number {
    if (this.allowance(1) > 0) return 0
    const { state, pausedUntil, probeAt, heldUntil } = this.#view
    const until = state === 'open' ? Math.max(pausedUntil, probeAt, heldUntil) : pausedUntil
    return Math.min(RECHECK_MS, Math.max(1, Math.ceil(until - this.#now())))
  }

  report(result: SendResult): void {
    const pauseMs = requestedPauseMs(result)
    if (pauseMs !== undefined) this.#pause(pauseMs)
    if (result.startedAtMs < this.#sinceMs) return
    const { state } = this
    if (state === 'open') return
    if (state === 'probing') return this.#endProbe(result, pauseMs)
    if (pauseMs !== undefined) return
    if (result.unauthorised) return this.#open('unauthorised')
    this.#window.add(!isWorking(result))
    if (isFailing(this.#window.counts(), state === 'ramping')) this.#open('failing')
    else this.#stepUp()
  }

  async refresh(): Promise<void> {
    this.#stepUp()
    const stale = this.#now() - this.#readAt >= (this.#options.refreshMs ?? REFRESH_MS)
    if (stale || this.#hasUnwritten() || this.#mayProbe()) await this.#synchronise()
  }

  #pause(forMs: number): void {
    const pausedUntil = this.#now() + forMs
    if (pausedUntil <= this.#view.pausedUntil) return
    this.#view = { ...this.#view, pausedUntil }
    if (this.#hasUnwritten()) void this.#synchronise()
  }

  #endProbe(result: SendResult, pauseMs = 0): void {
    if (isWorking(result)) return this.#change({ state: 'ramping', reason: null, step: 0, probeInMs: 0 })
    this.#open(result.unauthorised ? 'unauthorised' : 'failing', pauseMs)
  }

  #open(reason: string, atLeastMs = 0): void {
    const early = PROBE_JITTER * (this.#deps.random ?? Math.random)()
    const probeInMs = Math.max(this.#options.probeIntervalMs * (1 - early), atLeastMs)
    this.#change({ state: 'open', reason, step: 0, probeInMs })
  }

  #stepUp(): void {
    const { state, step, changedAt } = this.#view
    if (state !== 'ramping') return
    if (!mayStepUp(this.#window.counts(), this.#now() - changedAt, this.#holdMs)) return
    const next = step + 1
    if (next < RAMP_SHARES.length) this.#change({ state: 'ramping', reason: null, step: next, probeInMs: 0 })
    else this.#change({ state: 'closed', reason: null, step: 0, probeInMs: 0 })
  }

  #change(change: ProviderChange): void {
    this.#unwritten = change
    this.#adopt(viewAfter(this.#view, change, this.#now()))
    void this.#synchronise()
  }

  /** Results counted so far belong to the former state. */
  #adopt(view: BreakerView): void {
    const former = this.#view
    this.#view = view
    this.#probingUntil = 0
    if (view.state === former.state && view.step === former.step && view.state !== 'open') return
    this.#window.clear()
    this.#sinceMs = this.#deps.clock.nowMs()
    if (view.state === former.state) return
    const { state, reason } = view
    const fields = { state, ...(reason !== null && { reason }) }
    if (state === 'open')
      this.#deps.log.warn(fields, 'the gateway fails; sending stops until a probe succeeds')
    else this.#deps.log.info(fields, 'the state of the gateway has changed')
  }

  #hasUnwritten(): boolean {
    return this.#unwritten !== undefined || this.#view.pausedUntil >= this.#pauseWritten + PAUSE_GRAIN_MS
  }

  #mayProbe(): boolean {
    const { state, probeAt, heldUntil, pausedUntil } = this.#view
    if (state !== 'open' || this.#unwritten) return false
    return Math.max(probeAt, heldUntil, pausedUntil, this.#probingUntil) <= this.#now()
  }

  /** One at a time: calls during a run wait for that run. Never rejects. */
  #synchronise(): Promise<void> {
    this.#synchronising ??= this.#write()
      .then(
        () => this.#noteReachable(true),
        (error: unknown) => this.#noteReachable(false, error),
      )
      .finally(() => (this.#synchronising = undefined))
    return this.#synchronising
  }

  async #write(): Promise<void> {
    const { database } = this.#deps
    if (this.#view.pausedUntil >= this.#pauseWritten + PAUSE_GRAIN_MS) await this.#writePause()
    if (this.#view.version === 0) await this.#readFirst()
    while (this.#unwritten) {
      const change = this.#unwritten
      const written = await changeProviderState(database, this.#view.version, change)
      // The state may have changed again while it was written.
      if (this.#unwritten !== change && written) this.#view = { ...this.#view, version: written.version }
      else this.#unwritten = undefined
      if (!this.#unwritten && written) this.#learn(written)
    }
    this.#learn(await readProviderState(database))
    this.#readAt = this.#now()
    if (this.#mayProbe()) await this.#takeProbe()
    // A result may have changed the state meanwhile.
    if (this.#unwritten) await this.#write()
  }

  /** A change that was made before the first read counts where the assumed state was the true one. */
  async #readFirst(): Promise<void> {
    const row = await readProviderState(this.#deps.database)
    if (row?.state === UNREAD.state) this.#view = { ...this.#view, version: row.version }
    else this.#unwritten = undefined
  }

  async #writePause(): Promise<void> {
    const { pausedUntil } = this.#view
    const forMs = pausedUntil - this.#now()
    if (forMs > 0) await pauseProvider(this.#deps.database, forMs)
    this.#pauseWritten = pausedUntil
  }

  async #takeProbe(): Promise<void> {
    const taken = await takeProbe(this.#deps.database, this.#view.version, this.#holdMs)
    if (!taken) return
    this.#learn(taken)
    this.#probingUntil = this.#now() + this.#holdMs
    this.#sinceMs = this.#deps.clock.nowMs()
  }

  /** Takes over the state of the database, unless this process has a change that is not written yet. */
  #learn(row: ProviderState | undefined): void {
    if (!row || this.#unwritten) return
    const view = viewOf(row, this.#now(), this.#view.pausedUntil)
    if (row.version === this.#view.version) this.#view = view
    else this.#adopt(view)
    this.#pauseWritten = Math.max(this.#pauseWritten, this.#now() + row.pausedMs)
  }

  #noteReachable(reachable: boolean, error?: unknown): void {
    if (reachable === !this.#isUnreachable) return
    this.#isUnreachable = !reachable
    if (this.#isUnreachable)
      this.#deps.log.warn(
        { err: error },
        'the shared state of the gateway cannot be read; the last known state holds',
      )
    else this.#deps.log.info({}, 'the shared state of the gateway is read again')
  }
}

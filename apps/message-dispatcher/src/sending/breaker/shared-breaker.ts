import type { Logger } from '@runnel/observability'
import {
  changeProviderState,
  pauseProvider,
  readProviderState,
  takeProbe,
  type Database,
  type ProviderChange,
  type ProviderState,
} from '@runnel/repositories'
import type { Clock } from '../../clock.ts'
import { askedPauseMs, isFailing, isWorking, mayStepUp, RAMP_SHARES } from './breaker-rules.ts'
import { UNREAD, viewAfter, viewOf, type BreakerView } from './breaker-view.ts'
import { ResultWindow } from './result-window.ts'
import type { Breaker, BreakerState } from './gateway-breaker.ts'
import type { SendResult } from '../gateway/gateway.ts'

export interface BreakerOptions {
  /** A gateway that is back is noticed within this. */
  readonly probeIntervalMs: number
  /** Of one attempt. Whoever takes the probe and dies has lost it a little later. */
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

/** Longest wait before another look: somebody else may have closed it. */
const LOOK_MS = 1000

/** Time to take the probe to the gateway and its result to the database, beside the attempt itself. */
const HOLD_MARGIN_MS = 2000

/** A probe comes up to this part of the interval early, so that replicas do not ask in step; never late. */
const PROBE_JITTER = 0.2

/** A pause that is longer by less than this is not worth a write. */
const PAUSE_GRAIN_MS = 1000

/** A breaker over the one row that all replicas share. */
export function createSharedBreaker(options: BreakerOptions, deps: BreakerDeps): Breaker {
  return new SharedBreaker(options, deps)
}

/**
 * Changes take effect in this process at once and are written behind that, under the version that was seen: where
 * somebody else was faster, theirs holds. What cannot be written holds here, and is written later.
 */
class SharedBreaker implements Breaker {
  readonly #options: BreakerOptions
  readonly #deps: BreakerDeps
  readonly #now: () => number
  readonly #window: ResultWindow
  readonly #holdMs: number
  #view: BreakerView = UNREAD
  /** This replica has the probe until then. */
  #probingUntil = 0
  /** Attempts that began earlier, by the dispatcher's clock, say nothing about the present state. */
  #sinceMs = -Infinity
  #unwritten: ProviderChange | undefined
  #pauseWritten = 0
  #readAt = -Infinity
  #working: Promise<void> | undefined
  #away = false

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
    return Math.min(LOOK_MS, Math.max(1, Math.ceil(until - this.#now())))
  }

  report(result: SendResult): void {
    const pauseMs = askedPauseMs(result)
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

  /** Whatever was counted belongs to the state before. */
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

  /** One at a time; whoever comes meanwhile waits for the same. Never rejects. */
  #synchronise(): Promise<void> {
    this.#working ??= this.#write()
      .then(
        () => this.#reached(true),
        (error: unknown) => this.#reached(false, error),
      )
      .finally(() => (this.#working = undefined))
    return this.#working
  }

  async #write(): Promise<void> {
    const { database } = this.#deps
    if (this.#view.pausedUntil >= this.#pauseWritten + PAUSE_GRAIN_MS) await this.#writePause()
    if (this.#view.version === 0) await this.#readFirst()
    while (this.#unwritten) {
      const change = this.#unwritten
      const written = await changeProviderState(database, this.#view.version, change)
      // Something else may have happened while it was written.
      if (this.#unwritten !== change && written) this.#view = { ...this.#view, version: written.version }
      else this.#unwritten = undefined
      if (!this.#unwritten && written) this.#learn(written)
    }
    this.#learn(await readProviderState(database))
    this.#readAt = this.#now()
    if (this.#mayProbe()) await this.#takeProbe()
    // Reported while the rest was under way.
    if (this.#unwritten) await this.#write()
  }

  /** Something happened before anything was read: it counts where the state is the one that was assumed. */
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

  /** Takes over what the database says, unless something has happened here that it does not know yet. */
  #learn(row: ProviderState | undefined): void {
    if (!row || this.#unwritten) return
    const view = viewOf(row, this.#now(), this.#view.pausedUntil)
    if (row.version === this.#view.version) this.#view = view
    else this.#adopt(view)
    this.#pauseWritten = Math.max(this.#pauseWritten, this.#now() + row.pausedMs)
  }

  #reached(reached: boolean, error?: unknown): void {
    if (reached === !this.#away) return
    this.#away = !reached
    if (this.#away)
      this.#deps.log.warn(
        { err: error },
        'the shared state of the gateway cannot be read; the last one holds',
      )
    else this.#deps.log.info({}, 'the shared state of the gateway is read again')
  }
}

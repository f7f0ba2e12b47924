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
import {
  accountReason,
  evidenceOf,
  mayStepUp,
  RAMP_SHARES,
  requestedPauseMs,
  type AttemptOrigin,
  type BreakerReason,
} from './breaker-rules.ts'
import { UNREAD, viewAfter, viewOf, type BreakerView } from './breaker-view.ts'
import { GatewayEvidence } from './gateway-evidence.ts'
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

/** Why nothing is sent during a pause: 429 with Retry-After. */
export const PAUSE_REASON = 'too_many_requests'

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
  readonly #evidence: GatewayEvidence
  readonly #holdMs: number
  #view: BreakerView = UNREAD
  /** This replica holds the probe until then. */
  #probingUntil = 0
  /** Results of attempts that began earlier, by the dispatcher's clock, are not counted for the current state. */
  #sinceMs = -Infinity
  #unwritten: ProviderChange | undefined
  /** Until when the database knows of a pause, and until when it does not yet; 0: nothing is to be written. */
  #pauseWritten = 0
  #pauseToWrite = 0
  #isPauseLogged = false
  /** A pause that was asked for in an attempt before is over: a person has lifted it. */
  #pausesSinceMs = -Infinity
  readonly #suspects = new Set<number>()
  readonly #hadTurn = new Set<number>()
  #readAt = -Infinity
  #synchronising: Promise<void> | undefined
  #isUnreachable = false

  constructor(options: BreakerOptions, deps: BreakerDeps) {
    this.#options = options
    this.#deps = deps
    this.#now = deps.now ?? (() => performance.now())
    this.#evidence = new GatewayEvidence(this.#now)
    this.#holdMs = options.timeoutMs + HOLD_MARGIN_MS
  }

  get state(): BreakerState {
    const phase = this.#phase
    return this.#isPaused() && (phase === 'closed' || phase === 'ramping') ? 'paused' : phase
  }

  get reason(): string | null {
    const { state } = this
    if (state === 'paused') return PAUSE_REASON
    return state === 'open' || state === 'probing' ? this.#view.reason : null
  }

  get suspects(): ReadonlySet<number> {
    return this.#suspects
  }

  get mayProbeOthers(): boolean {
    const { state, reason, heldUntil } = this.#view
    if (state !== 'open' || reason === 'unreachable' || this.#unwritten || this.#isPaused()) return false
    return Math.max(heldUntil, this.#probingUntil) <= this.#now()
  }

  allowance(full: number): number {
    const { state } = this
    if (state === 'open' || this.#isPaused()) return 0
    if (state === 'probing') return Math.min(1, full)
    if (state === 'closed') return full
    return Math.min(full, Math.max(1, Math.floor(full * (RAMP_SHARES[this.#view.step] ?? 1))))
  }

  waitMs(): number {
    if (this.allowance(1) > 0) return 0
    return Math.min(RECHECK_MS, Math.max(1, Math.ceil(this.resumesInMs() ?? 0)))
  }

  resumesInMs(): number | undefined {
    if (this.allowance(1) > 0) return undefined
    const { pausedUntil, probeAt, heldUntil } = this.#view
    const until = this.#phase === 'open' ? Math.max(pausedUntil, probeAt, heldUntil) : pausedUntil
    return Math.max(0, until - this.#now())
  }

  report(result: SendResult, origin: AttemptOrigin): boolean {
    // A message that is asked to wait again and again makes no others wait.
    const pauseMs = origin.failedBefore ? undefined : requestedPauseMs(result)
    if (pauseMs !== undefined && result.startedAtMs >= this.#pausesSinceMs) this.#pause(pauseMs)
    const isMessagesOwn = result.scope === 'message'
    if (result.startedAtMs < this.#sinceMs) return isMessagesOwn
    const phase = this.#phase
    if (phase === 'open') return isMessagesOwn
    if (phase === 'probing') this.#endProbe(result, origin, pauseMs)
    if (phase === 'probing' || pauseMs !== undefined) return isMessagesOwn
    const finding = this.#evidence.add(result, origin, phase === 'ramping')
    if (finding.reason) this.#open(finding.reason)
    else this.#stepUp()
    return finding.isMessagesOwn
  }

  get hadTurn(): ReadonlySet<number> {
    return this.#hadTurn
  }

  beginRound(): void {
    this.#hadTurn.clear()
  }

  async takeEarlyProbe(): Promise<boolean> {
    if (!this.mayProbeOthers) return false
    await this.#synchronise('early')
    return this.state === 'probing'
  }

  async refresh(): Promise<void> {
    this.#notePause()
    this.#stepUp()
    const stale = this.#now() - this.#readAt >= (this.#options.refreshMs ?? REFRESH_MS)
    if (stale || this.#hasUnwritten() || this.#mayProbe()) await this.#synchronise()
  }

  get #phase(): Exclude<BreakerState, 'paused'> {
    const { state } = this.#view
    return state === 'open' && this.#probingUntil > this.#now() ? 'probing' : state
  }

  #isPaused(): boolean {
    return this.#view.pausedUntil > this.#now()
  }

  #pause(forMs: number): void {
    const pausedUntil = this.#now() + forMs
    if (pausedUntil <= this.#view.pausedUntil) return
    this.#view = { ...this.#view, pausedUntil }
    this.#notePause()
    if (pausedUntil < this.#pauseWritten + PAUSE_GRAIN_MS) return
    this.#pauseToWrite = pausedUntil
    void this.#synchronise()
  }

  /** Logs the beginning and the end of a pause. */
  #notePause(): void {
    const isPaused = this.#isPaused()
    if (isPaused === this.#isPauseLogged) return
    this.#isPauseLogged = isPaused
    const { log, clock } = this.#deps
    if (!isPaused) return log.info({}, 'the pause that the gateway asked for is over')
    const until = new Date(clock.nowMs() + this.#view.pausedUntil - this.#now()).toISOString()
    log.warn({ reason: PAUSE_REASON, until }, 'the gateway asked for a pause; nothing is sent until it ends')
  }

  /**
   * Any answer to a message that failed before shows that the gateway lives: nothing better was left to probe with. Where
   * others had failed and this mailing fares well, it was their messages that failed, so that a step is left out.
   */
  #endProbe(result: SendResult, origin: AttemptOrigin, pauseMs = 0): void {
    const evidence = evidenceOf(result, origin)
    if (evidence === 'works' || (evidence === 'none' && result.httpStatus !== undefined)) {
      const isOthers = this.#suspects.size > 0 && !this.#suspects.has(origin.mailingId)
      this.#change({ state: 'ramping', reason: null, step: isOthers ? 1 : 0, probeInMs: 0 })
      this.#evidence.add(result, origin, true)
      return
    }
    this.#suspect([origin.mailingId])
    if (evidence === 'account') return this.#open(accountReason(result), pauseMs)
    this.#open(evidence === 'unreached' ? 'unreachable' : 'failing', pauseMs)
  }

  #suspect(mailingIds: readonly number[]): void {
    for (const mailingId of mailingIds) {
      this.#suspects.add(mailingId)
      this.#hadTurn.add(mailingId)
    }
  }

  #open(reason: BreakerReason, atLeastMs = 0): void {
    const early = PROBE_JITTER * (this.#deps.random ?? Math.random)()
    const probeInMs = Math.max(this.#options.probeIntervalMs * (1 - early), atLeastMs)
    this.#change({ state: 'open', reason, step: 0, probeInMs })
  }

  #stepUp(): void {
    const { state, step, changedAt } = this.#view
    if (state !== 'ramping') return
    if (!mayStepUp(this.#evidence.counts(), this.#now() - changedAt, this.#holdMs)) return
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
    if (view.state === 'open') this.#suspect(this.#evidence.suspects())
    else for (const mailings of [this.#suspects, this.#hadTurn]) mailings.clear()
    this.#evidence.clear()
    this.#sinceMs = this.#deps.clock.nowMs()
    if (view.state === former.state) return
    const { state, reason } = view
    const fields = { state, ...(reason !== null && { reason }) }
    if (state === 'open') this.#deps.log.warn(fields, describeOpening(reason))
    else this.#deps.log.info(fields, 'the state of the gateway has changed')
  }

  #hasUnwritten(): boolean {
    return this.#unwritten !== undefined || this.#pauseToWrite > 0
  }

  #mayProbe(): boolean {
    const { state, probeAt, heldUntil, pausedUntil } = this.#view
    if (state !== 'open' || this.#unwritten) return false
    return Math.max(probeAt, heldUntil, pausedUntil, this.#probingUntil) <= this.#now()
  }

  /** One at a time: calls during a run wait for that run. Never rejects. @param probe whether one is taken before it is due */
  #synchronise(probe: 'due' | 'early' = 'due'): Promise<void> {
    this.#synchronising ??= this.#write(probe)
      .then(
        () => this.#noteReachable(true),
        (error: unknown) => this.#noteReachable(false, error),
      )
      .finally(() => (this.#synchronising = undefined))
    return this.#synchronising
  }

  async #write(probe: 'due' | 'early'): Promise<void> {
    const { database } = this.#deps
    if (this.#pauseToWrite > 0) await this.#writePause()
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
    if (this.#mayProbe() || (probe === 'early' && this.mayProbeOthers)) await this.#takeProbe(probe)
    // A result may have changed the state meanwhile.
    if (this.#unwritten) await this.#write('due')
  }

  /** A change that was made before the first read counts where the assumed state was the true one. */
  async #readFirst(): Promise<void> {
    const row = await readProviderState(this.#deps.database)
    if (row?.state === UNREAD.state) this.#view = { ...this.#view, version: row.version }
    else this.#unwritten = undefined
  }

  async #writePause(): Promise<void> {
    const until = this.#pauseToWrite
    const forMs = until - this.#now()
    if (forMs > 0) await pauseProvider(this.#deps.database, forMs)
    this.#pauseWritten = until
    if (this.#pauseToWrite === until) this.#pauseToWrite = 0
  }

  async #takeProbe(probe: 'due' | 'early'): Promise<void> {
    const { database } = this.#deps
    const taken = await takeProbe(database, this.#view.version, this.#holdMs, probe)
    if (!taken) return
    this.#learn(taken)
    this.#probingUntil = this.#now() + this.#holdMs
    this.#sinceMs = this.#deps.clock.nowMs()
  }

  /** Takes over the state of the database, unless this process has a change that is not written yet. */
  #learn(row: ProviderState | undefined): void {
    if (!row || this.#unwritten) return
    const isSame = row.version === this.#view.version
    const wasPaused = this.#isPaused()
    // Where something has changed, a person may have ended the pause; else the database knows of it to a second.
    const view = viewOf(row, this.#now(), isSame ? this.#view.pausedUntil : this.#pauseToWrite)
    if (isSame) this.#view = view
    else this.#adopt(view)
    this.#pauseWritten = this.#now() + row.pausedMs
    if (wasPaused && !this.#isPaused()) this.#pausesSinceMs = this.#deps.clock.nowMs()
    this.#notePause()
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

function describeOpening(reason: string | null): string {
  if (reason === 'failing' || reason === 'unreachable')
    return 'the gateway fails; sending stops until a probe succeeds'
  return 'the gateway refuses the account, the token or the address; sending stops until a probe succeeds'
}

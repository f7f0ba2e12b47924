import type { ProviderChange, ProviderState } from '@runnel/repositories-mailings'
import type { Clock } from '../../clock.ts'
import type { SendResult } from '../channels/channel.ts'
import type { BreakerLog } from './breaker-log.ts'
import {
  accountReason,
  evidenceOf,
  isAnswered,
  mayStepUp,
  PAUSE_REASON,
  RAMP_SHARES,
  requestedPauseMs,
  type AttemptOrigin,
  type BreakerReason,
} from './breaker-rules.ts'
import { UNREAD, viewAfter, viewOf, type BreakerView } from './breaker-view.ts'
import type { BreakerState } from './channel-breaker.ts'
import { ChannelEvidence } from './channel-evidence.ts'

export interface MachineOptions {
  /** A channel that works again is noticed within this time. */
  readonly probeIntervalMs: number
  /** A replica that dies with the probe loses it after this time. */
  readonly holdMs: number
}

export interface MachineDeps {
  readonly clock: Clock
  readonly log: BreakerLog
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Evenly distributed in [0, 1). */
  readonly random: () => number
  /** Receives each change that this process makes; it holds here at once. */
  readonly onChange: (change: ProviderChange) => void
  /** Receives the end of each pause that the channel asked for, in monotonic milliseconds. */
  readonly onPause: (untilMs: number) => void
}

/** A probe is due up to this part of the interval early, never late, so that replicas do not poll in step. */
const PROBE_JITTER = 0.2

/** What results and the shared state make of the breaker, as this process sees it. Knows no database. */
export class BreakerMachine {
  readonly #options: MachineOptions
  readonly #deps: MachineDeps
  readonly #now: () => number
  readonly #evidence: ChannelEvidence
  #view: BreakerView = UNREAD
  /** This replica holds the probe until then. */
  #probingUntil = 0
  /** Results of attempts that began earlier, by the dispatcher's clock, are not counted for the current state. */
  #sinceMs = -Infinity
  /** A pause that was asked for in an attempt before is over: a person has lifted it. */
  #pausesSinceMs = -Infinity
  readonly suspects = new Set<number>()
  readonly hadTurn = new Set<number>()

  constructor(options: MachineOptions, deps: MachineDeps) {
    this.#options = options
    this.#deps = deps
    this.#now = deps.now
    this.#evidence = new ChannelEvidence(deps.now)
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

  /** Of the shared state that this process knows; 0 before the first. */
  get version(): number {
    return this.#view.version
  }

  /** The shared state has it; nothing else of it is new. */
  set version(version: number) {
    this.#view = { ...this.#view, version }
  }

  /** @returns the part of `full` that may be under way */
  allowance(full: number): number {
    const { state } = this
    if (state === 'open' || this.#isPaused()) return 0
    if (state === 'probing') return Math.min(1, full)
    if (state === 'closed') return full
    return Math.min(full, Math.max(1, Math.floor(full * (RAMP_SHARES[this.#view.step] ?? 1))))
  }

  /** @returns milliseconds until the pause ends or the next probe is due; undefined while messages are sent */
  resumesInMs(): number | undefined {
    if (this.allowance(1) > 0) return undefined
    const { pausedUntil, probeAt, heldUntil } = this.#view
    const until = this.#phase === 'open' ? Math.max(pausedUntil, probeAt, heldUntil) : pausedUntil
    return Math.max(0, until - this.#now())
  }

  /** Whether the probe is due, and no replica is known to hold it. */
  isProbeDue(): boolean {
    const { state, probeAt, heldUntil, pausedUntil } = this.#view
    if (state !== 'open') return false
    return Math.max(probeAt, heldUntil, pausedUntil, this.#probingUntil) <= this.#now()
  }

  /** Whether a mailing that is no suspect may be probed early: answers came, and no replica is known to hold the probe. */
  mayProbeEarly(): boolean {
    const { state, reason, heldUntil } = this.#view
    if (state !== 'open' || reason === 'unreachable' || this.#isPaused()) return false
    return Math.max(heldUntil, this.#probingUntil) <= this.#now()
  }

  /** This replica has the probe now. */
  holdProbe(): void {
    this.#probingUntil = this.#now() + this.#options.holdMs
    this.#sinceMs = this.#deps.clock.nowMs()
  }

  /** @returns whether a refusal is the message's own trouble */
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
    else this.stepUp()
    return finding.isMessagesOwn
  }

  /** Where it ramps up, and the step has lasted long enough, the next one begins. */
  stepUp(): void {
    const { state, step, changedAt } = this.#view
    if (state !== 'ramping') return
    if (!mayStepUp(this.#evidence.counts(), this.#now() - changedAt, this.#options.holdMs)) return
    const next = step + 1
    if (next < RAMP_SHARES.length) this.#change({ state: 'ramping', reason: null, step: next, probeInMs: 0 })
    else this.#change({ state: 'closed', reason: null, step: 0, probeInMs: 0 })
  }

  /**
   * Takes over the shared state.
   *
   * @param pauseToWrite the end of a pause that the shared state does not know of yet, in monotonic milliseconds; 0: none
   */
  learn(row: ProviderState, pauseToWrite: number): void {
    const isSame = row.version === this.#view.version
    const wasPaused = this.#isPaused()
    // Where something has changed, a person may have ended the pause; else the database knows of it to a second.
    const view = viewOf(row, this.#now(), isSame ? this.#view.pausedUntil : pauseToWrite)
    if (isSame) this.#view = view
    else this.#adopt(view)
    if (wasPaused && !this.#isPaused()) this.#pausesSinceMs = this.#deps.clock.nowMs()
    this.notePause()
  }

  /** Logs the beginning and the end of a pause. */
  notePause(): void {
    this.#deps.log.notePause(this.#isPaused() ? this.#view.pausedUntil - this.#now() : undefined)
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
    this.notePause()
    this.#deps.onPause(pausedUntil)
  }

  /**
   * Any answer to a message that failed before shows that the channel lives: nothing better was left to probe with. Where
   * others had failed and this mailing fares well, it was their messages that failed, so that a step is left out.
   */
  #endProbe(result: SendResult, origin: AttemptOrigin, pauseMs = 0): void {
    const evidence = evidenceOf(result, origin)
    if (evidence === 'works' || (evidence === 'none' && isAnswered(result))) {
      const isOthers = this.suspects.size > 0 && !this.suspects.has(origin.mailingId)
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
      this.suspects.add(mailingId)
      this.hadTurn.add(mailingId)
    }
  }

  #open(reason: BreakerReason, atLeastMs = 0): void {
    const early = PROBE_JITTER * this.#deps.random()
    const probeInMs = Math.max(this.#options.probeIntervalMs * (1 - early), atLeastMs)
    this.#change({ state: 'open', reason, step: 0, probeInMs })
  }

  #change(change: ProviderChange): void {
    this.#adopt(viewAfter(this.#view, change, this.#now()))
    this.#deps.onChange(change)
  }

  /** Results counted so far belong to the former state. */
  #adopt(view: BreakerView): void {
    const former = this.#view
    this.#view = view
    this.#probingUntil = 0
    if (view.state === former.state && view.step === former.step && view.state !== 'open') return
    if (view.state === 'open') this.#suspect(this.#evidence.suspects())
    else for (const mailings of [this.suspects, this.hadTurn]) mailings.clear()
    this.#evidence.clear()
    this.#sinceMs = this.#deps.clock.nowMs()
    if (view.state !== former.state) this.#deps.log.noteState(view)
  }
}

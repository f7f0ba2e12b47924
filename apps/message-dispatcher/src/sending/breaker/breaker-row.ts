import type { ChannelName } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import {
  changeProviderState,
  pauseProvider,
  type ProviderChange,
  type ProviderState,
  readProviderState,
  takeProbe,
} from '@runnel/repositories-mailings'
import type { BreakerLog } from './breaker-log.ts'
import type { BreakerMachine } from './breaker-machine.ts'
import { UNREAD } from './breaker-view.ts'

export interface BreakerRowDeps {
  readonly channel: ChannelName
  readonly database: Database
  readonly machine: BreakerMachine
  readonly log: BreakerLog
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** A replica that dies with the probe loses it after this time. */
  readonly holdMs: number
}

/** A pause is written again only where it is longer by at least this. */
const PAUSE_GRAIN_MS = 1000

/**
 * Keeps the machine of this process and the row that all replicas share in step. Changes are written under the version that was
 * read: where another replica was faster, its change holds. What cannot be written is written later.
 */
export class BreakerRow {
  readonly #deps: BreakerRowDeps
  #unwritten: ProviderChange | undefined
  /** Until when the database knows of a pause, and until when it does not yet; 0: nothing is to be written. */
  #pauseWritten = 0
  #pauseToWrite = 0
  #readAt = -Infinity
  #synchronising: Promise<void> | undefined

  constructor(deps: BreakerRowDeps) {
    this.#deps = deps
  }

  /** Whether the machine has a state that the database does not know. */
  get hasChange(): boolean {
    return this.#unwritten !== undefined
  }

  /** Milliseconds since the row was read. */
  get ageMs(): number {
    return this.#deps.now() - this.#readAt
  }

  get hasUnwritten(): boolean {
    return this.hasChange || this.#pauseToWrite > 0
  }

  change(change: ProviderChange): void {
    this.#unwritten = change
    void this.synchronise()
  }

  pause(untilMs: number): void {
    if (untilMs < this.#pauseWritten + PAUSE_GRAIN_MS) return
    this.#pauseToWrite = untilMs
    void this.synchronise()
  }

  /** One at a time: calls during a run wait for that run. Never rejects. @param probe whether one is taken before it is due */
  synchronise(probe: 'due' | 'early' = 'due'): Promise<void> {
    const { log } = this.#deps
    this.#synchronising ??= this.#write(probe)
      .then(
        () => log.noteReachable(true),
        (error: unknown) => log.noteReachable(false, error),
      )
      .finally(() => (this.#synchronising = undefined))
    return this.#synchronising
  }

  async #write(probe: 'due' | 'early'): Promise<void> {
    const { channel, database, machine, now } = this.#deps
    if (this.#pauseToWrite > 0) await this.#writePause()
    if (machine.version === 0) await this.#readFirst()
    while (this.#unwritten) {
      const change = this.#unwritten
      const written = await changeProviderState(database, machine.version, change, channel)
      // The state may have changed again while it was written.
      if (this.#unwritten !== change && written) machine.version = written.version
      else this.#unwritten = undefined
      if (!this.#unwritten && written) this.#learn(written)
    }
    this.#learn(await readProviderState(database, channel))
    this.#readAt = now()
    const isWanted = machine.isProbeDue() || (probe === 'early' && machine.mayProbeEarly())
    if (isWanted && !this.#unwritten) await this.#takeProbe(probe)
    // A result may have changed the state meanwhile.
    if (this.#unwritten) await this.#write('due')
  }

  /** A change that was made before the first read counts where the assumed state was the true one. */
  async #readFirst(): Promise<void> {
    const { channel, database, machine } = this.#deps
    const row = await readProviderState(database, channel)
    if (row?.state === UNREAD.state) machine.version = row.version
    else this.#unwritten = undefined
  }

  async #writePause(): Promise<void> {
    const { channel, database, now } = this.#deps
    const until = this.#pauseToWrite
    const forMs = until - now()
    if (forMs > 0) await pauseProvider(database, forMs, channel)
    this.#pauseWritten = until
    if (this.#pauseToWrite === until) this.#pauseToWrite = 0
  }

  async #takeProbe(probe: 'due' | 'early'): Promise<void> {
    const { channel, database, machine, holdMs } = this.#deps
    const taken = await takeProbe(database, machine.version, holdMs, probe, channel)
    if (!taken) return
    this.#learn(taken)
    machine.holdProbe()
  }

  /** The state of the database holds, unless this process has a change that is not written yet. */
  #learn(row: ProviderState | undefined): void {
    if (!row || this.#unwritten) return
    this.#deps.machine.learn(row, this.#pauseToWrite)
    this.#pauseWritten = this.#deps.now() + row.pausedMs
  }
}

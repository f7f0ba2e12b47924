import { cut } from '../cut-connections.ts'
import type { SeatedClient } from './seated-client.ts'
import type { Seat, ServerChoice } from './server-choice.ts'

/** How long a statement may wait until its server is asked whether it is there at all; together with that, below 5 s. */
const SILENT_MS = 2000
const LOOK_MS = 500

/**
 * Finds out that one of several servers went away without a word, as with its machine or its network: statements would wait for their own
 * limits, and for the system to give up the connection. A server that answers slowly is kept.
 */
export class AnswerWatch {
  readonly #choice: ServerChoice
  readonly #probe: (seat: Seat) => Promise<unknown>
  /** Since when each of them waits, oldest first. */
  readonly #waiting = new Map<SeatedClient, number>()
  #timer: NodeJS.Timeout | undefined
  #askedMs = 0
  #isAsking = false

  /** @param probe rejects where the server of a seat does not answer a login in time */
  constructor(choice: ServerChoice, probe: (seat: Seat) => Promise<unknown>) {
    this.#choice = choice
    this.#probe = probe
  }

  begin(client: SeatedClient): void {
    this.#waiting.set(client, performance.now())
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref()
  }

  end(client: SeatedClient): void {
    this.#waiting.delete(client)
  }

  #look(): void {
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
      return
    }
    const untilMs = performance.now() - SILENT_MS
    const [first] = this.#waiting
    if (first === undefined || first[1] > untilMs || this.#askedMs > untilMs || this.#isAsking) return
    void this.#ask(first[0].seat)
  }

  async #ask(seat: Seat): Promise<void> {
    this.#isAsking = true
    try {
      await this.#probe(seat)
    } catch {
      this.#choice.giveUp(seat)
      for (const client of this.#waiting.keys()) if (client.seat.generation === seat.generation) cut(client)
    } finally {
      this.#askedMs = performance.now()
      this.#isAsking = false
    }
  }
}

import { Readable } from 'node:stream'

/** Ids that one event names; beyond them it says that anything may have changed. */
const MAX_IDS = 500

const GREETING = 'retry: 2000\n\n'
const HEARTBEAT = ':\n\n'

/** Ids of changed products; 'any' where they are not known, or too many. */
export type Changed = ReadonlySet<number> | 'any'

/** @returns both together */
export function mergeChanged(one: Changed | undefined, other: Changed): Changed {
  if (one === 'any' || other === 'any') return 'any'
  const all = one ? new Set([...one, ...other]) : other
  return all.size > MAX_IDS ? 'any' : all
}

/** The stream of one client. What it does not take becomes one event, however much it is. */
export class ChangeStream extends Readable {
  #waiting: Changed | undefined
  #wanting = false
  #greeted = false
  #ending = false

  /** Whether the client has taken everything. */
  get idle(): boolean {
    return this.#wanting
  }

  offer(changed: Changed): void {
    this.#waiting = mergeChanged(this.#waiting, changed)
    this.#give()
  }

  heartbeat(): void {
    if (this.#wanting) this.#pass(HEARTBEAT)
  }

  /** Ends once what waits was taken. */
  finish(): void {
    this.#ending = true
    this.#give()
  }

  override _read(): void {
    this.#wanting = true
    this.#give()
  }

  #give(): void {
    if (!this.#wanting) return
    if (!this.#greeted) {
      this.#greeted = true
      this.#pass(GREETING)
    } else if (this.#waiting) {
      const ids = this.#waiting === 'any' ? null : [...this.#waiting]
      this.#waiting = undefined
      this.#pass(`event: changed\ndata: ${JSON.stringify({ ids })}\n\n`)
    } else if (this.#ending) this.push(null)
  }

  #pass(text: string): void {
    this.#wanting = false
    this.push(text)
  }
}

import { eventTimeMs } from '@runnel/contracts'

/** Reads the entries of one stream of events, which comes in pieces. */
export class TailReader {
  readonly #onEntry: (madeAtMs: number) => void
  #rest = ''

  /** @param onEntry receives when each entry was made, in milliseconds since 1970 */
  constructor(onEntry: (madeAtMs: number) => void) {
    this.#onEntry = onEntry
  }

  take(piece: string): void {
    const text = this.#rest + piece
    let from = 0
    for (let end; (end = text.indexOf('\n\n', from)) >= 0; from = end + 2) {
      // Other events, and comments, have no id.
      if (text.startsWith('id: ', from)) this.#onEntry(eventTimeMs(text.slice(from + 4, from + 40)))
    }
    this.#rest = text.slice(from)
  }
}

import type { DatabaseHosts, SessionAttribute } from '@runnel/runtime'

/** A server for one connection, as it was chosen then. */
export interface Seat {
  readonly url: string
  readonly generation: number
}

/**
 * Which of the servers of a URL a pool connects to: the one that did last, until it fails or turns out to be another kind of server. Then the
 * next one has its turn, and what was connected before is not used any more: an old primary that came back as a standby keeps its connections.
 */
export class ServerChoice {
  readonly attribute: SessionAttribute
  readonly #urls: readonly string[]
  #index = 0
  #generation = 0

  constructor({ urls, attribute }: DatabaseHosts) {
    this.#urls = urls
    this.attribute = attribute
  }

  /** How many servers there are. */
  get size(): number {
    return this.#urls.length
  }

  /** Another number once a server was given up. */
  get generation(): number {
    return this.#generation
  }

  seat(): Seat {
    return { url: this.#urls[this.#index]!, generation: this.#generation }
  }

  isCurrent(seat: Seat): boolean {
    return seat.generation === this.#generation
  }

  /** The server of a seat does not do. Connections that find out later than the first change nothing. */
  giveUp(seat: Seat): void {
    if (!this.isCurrent(seat)) return
    this.#generation++
    this.#index = (this.#index + 1) % this.#urls.length
  }
}

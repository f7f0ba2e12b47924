/** A prime, so that it is coprime to any count that is no multiple of it. */
const STRIDE = 7919

/**
 * Ids from 1 to `count` in a scattered order, each once before any comes again. It goes on from one measurement to the
 * next, so that nothing is in a cache because it was asked for a moment ago.
 */
export class IdWalk {
  readonly count: number
  readonly stride = STRIDE
  #place = 0

  /** @param count no multiple of 7919 */
  constructor(count: number) {
    this.count = count
  }

  /** How many have been taken. */
  get place(): number {
    return this.#place
  }

  next(): number {
    return 1 + ((this.#place++ * STRIDE) % this.count)
  }

  /** So many were taken by a program that walks on its own. */
  skip(ids: number): void {
    this.#place += ids
  }
}

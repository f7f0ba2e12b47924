import { inSlices } from '@runnel/runtime'

/**
 * Does one piece of work after the other, each in slices. Pieces that ran side by side would each hold the event loop for
 * a slice in every turn.
 */
export class SliceLane {
  #last: Promise<unknown> | undefined

  /**
   * @param begin called when its turn has come: at once, where nothing else is under way
   * @returns once it is done, or has thrown
   */
  async run(begin: () => Iterator<unknown, void>): Promise<void> {
    const work = this.#last ? this.#last.then(() => inSlices(begin())) : inSlices(begin())
    if (work === undefined) return
    const settled = work.catch(() => undefined)
    this.#last = settled
    try {
      await work
    } finally {
      if (this.#last === settled) this.#last = undefined
    }
  }
}

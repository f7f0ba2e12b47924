import type { QueuedMessage, Work } from './work.ts'

const BACKGROUND = 'background'

/** Counts the sends under way: of each mailing, and of everything that gives way to others. */
export class SlotCounts {
  readonly #counts = new Map<number | typeof BACKGROUND, number>()
  /** A mailing may get into trouble while its message is under way. */
  readonly #groups = new WeakMap<QueuedMessage, number | typeof BACKGROUND>()

  of({ mailingId }: Work, isBackground: boolean): number {
    return this.#counts.get(isBackground ? BACKGROUND : mailingId) ?? 0
  }

  enter(message: QueuedMessage, isBackground: boolean): void {
    const group = isBackground ? BACKGROUND : message.work.mailingId
    this.#groups.set(message, group)
    this.#counts.set(group, (this.#counts.get(group) ?? 0) + 1)
  }

  leave(message: QueuedMessage): void {
    const group = this.#groups.get(message)
    if (group === undefined) return
    const left = (this.#counts.get(group) ?? 0) - 1
    if (left > 0) this.#counts.set(group, left)
    else this.#counts.delete(group)
  }
}

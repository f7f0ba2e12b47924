import { EventStream, formatEvent } from '@runnel/http'

/** Ids that one event names; beyond them it says that anything may have changed. */
const MAX_IDS = 500

/** Ids of changed products; 'any' where they are not known, or too many. */
export type Changed = ReadonlySet<number> | 'any'

/** @returns both together */
export function mergeChanged(one: Changed | undefined, other: Changed): Changed {
  if (one === 'any' || other === 'any') return 'any'
  const all = one ? new Set([...one, ...other]) : other
  return all.size > MAX_IDS ? 'any' : all
}

/** The stream of one client. What it does not take becomes one event, however much it is. */
export class ChangeStream extends EventStream {
  #waiting: Changed | undefined

  offer(changed: Changed): void {
    this.#waiting = mergeChanged(this.#waiting, changed)
    this.sendWaiting()
  }

  protected override takeWaiting(): string | undefined {
    if (!this.#waiting) return undefined
    const ids = this.#waiting === 'any' ? null : [...this.#waiting]
    this.#waiting = undefined
    return formatEvent('changed', JSON.stringify({ ids }))
  }
}

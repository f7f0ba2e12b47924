import { AppError } from '@runnel/contracts'

/** Records, resources and scopes of a body: containers without records cost time as well. */
export class ItemCount {
  readonly #maxItems: number
  #items = 0

  constructor(maxItems: number) {
    this.#maxItems = maxItems
  }

  /** How many more there may be. */
  get left(): number {
    return this.#maxItems - this.#items
  }

  /** @throws AppError too_many_items */
  add(items: number): void {
    this.#items += items
    if (this.#items > this.#maxItems) throw tooManyItems(this.#maxItems)
  }
}

/** @returns the error of a body with more than is read */
export function tooManyItems(maxItems: number, what = 'records'): AppError {
  return new AppError('too_many_items', `The body holds more than ${maxItems} ${what}`, {
    expected: `at most ${maxItems} ${what}`,
  })
}

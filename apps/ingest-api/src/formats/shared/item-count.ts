import { tooManyItems } from '../../too-many-items.ts'

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
    if (this.#items > this.#maxItems) throw tooManyItems(this.#maxItems, 'records')
  }
}

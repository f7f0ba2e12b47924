import { sizeOfItem, type Item } from '../items.ts'

interface DatagramQueueLimits {
  readonly events: number
  readonly bytes: number
  /** Of the events, those of one address. */
  readonly eventsOfAddress: number
}

interface Queued {
  readonly item: Item
  readonly address: string
  readonly bytes: number
}

/** Events from datagrams on their way to the broker, bounded in number and bytes. Their senders cannot be slowed down. */
export class DatagramQueue {
  readonly #limits: DatagramQueueLimits
  readonly #ofAddress = new Map<string, number>()
  #queue: Queued[] = []
  /** Before the queue is cut: what was taken from it. */
  #taken = 0
  #bytes = 0

  constructor(limits: DatagramQueueLimits) {
    this.#limits = limits
  }

  get length(): number {
    return this.#queue.length - this.#taken
  }

  get bytes(): number {
    return this.#bytes
  }

  /** @returns why it is dropped; undefined: it waits */
  push(item: Item, address: string): 'queue_full' | 'queue_full_of_address' | undefined {
    const bytes = sizeOfItem(item)
    const ofAddress = this.#ofAddress.get(address) ?? 0
    const { events, bytes: maxBytes, eventsOfAddress } = this.#limits
    // One by itself always passes: the limit of a datagram bounds it.
    if (this.length >= events || (this.length > 0 && this.#bytes + bytes > maxBytes)) return 'queue_full'
    if (ofAddress >= eventsOfAddress) return 'queue_full_of_address'
    this.#queue.push({ item, address, bytes })
    this.#bytes += bytes
    this.#ofAddress.set(address, ofAddress + 1)
    return undefined
  }

  /** The oldest ones. */
  take(maxItems: number, maxBytes: number): readonly Item[] {
    const items: Item[] = []
    for (let bytes = 0; this.#taken < this.#queue.length && items.length < maxItems && bytes < maxBytes;) {
      const queued = this.#queue[this.#taken++]!
      items.push(queued.item)
      bytes += queued.bytes
      this.#remove(queued)
    }
    if (this.#taken * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#taken)
      this.#taken = 0
    }
    return items
  }

  #remove({ address, bytes }: Queued): void {
    this.#bytes -= bytes
    const left = this.#ofAddress.get(address)! - 1
    if (left > 0) this.#ofAddress.set(address, left)
    else this.#ofAddress.delete(address)
  }
}

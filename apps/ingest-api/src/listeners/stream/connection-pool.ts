import type { ListenerLimits } from '../settings.ts'

/** A connection as the pool sees it. */
export interface PooledConnection {
  /** Bytes of a message that has not come to its end. */
  readonly heldBytes: number
  /** Stops reading where the pool is full, and goes on where it no longer is. */
  adjust(): void
  /** Ends it at once. */
  cut(reason: string): void
}

type PoolLimits = Pick<ListenerLimits, 'connections' | 'connectionsPerAddress' | 'bytes'>

/** What all connections of all listeners share: their number, and the memory for what they sent. */
export class ConnectionPool {
  readonly #limits: PoolLimits
  readonly #perAddress = new Map<string, number>()
  readonly #connections = new Set<PooledConnection>()
  /** Who wants to decode what may become large. */
  readonly #turns: (() => void)[] = []
  #decoding = 0
  /** What all connections know. */
  #wasFull = false
  #count = 0
  /** Of messages that have not come to their end. */
  #heldBytes = 0
  /** Of those that have, and wait for the broker. */
  #waitingBytes = 0

  constructor(limits: PoolLimits) {
    this.#limits = limits
  }

  /** @returns why one more is not let in; undefined: it is counted until {@link leave} */
  enter(address: string): 'too_many_connections' | 'too_many_connections_of_address' | undefined {
    const ofAddress = this.#perAddress.get(address) ?? 0
    if (this.#count >= this.#limits.connections) return 'too_many_connections'
    if (ofAddress >= this.#limits.connectionsPerAddress) return 'too_many_connections_of_address'
    this.#count++
    this.#perAddress.set(address, ofAddress + 1)
    return undefined
  }

  leave(address: string): void {
    this.#count--
    const left = this.#perAddress.get(address)! - 1
    if (left > 0) this.#perAddress.set(address, left)
    else this.#perAddress.delete(address)
  }

  add(connection: PooledConnection): void {
    this.#connections.add(connection)
  }

  remove(connection: PooledConnection): void {
    this.#connections.delete(connection)
  }

  /** More is in memory than may be: no connection is read until there is room again. */
  get isFull(): boolean {
    return this.#heldBytes + this.#waitingBytes > this.#limits.bytes
  }

  /** @param bytes more of messages that have not come to their end, or fewer */
  hold(bytes: number): void {
    this.#heldBytes += bytes
    this.#settle()
  }

  /** @param bytes more that wait for the broker, or fewer */
  wait(bytes: number): void {
    this.#waitingBytes += bytes
    this.#settle()
  }

  /**
   * One after the other while the memory is full: what is decoded may be many times larger than it was.
   *
   * @returns a function to call once the decoded events are gone
   */
  async takeTurn(): Promise<() => void> {
    if (this.isFull && this.#decoding > 0) await new Promise<void>((resolve) => this.#turns.push(resolve))
    this.#decoding++
    return () => {
      this.#decoding--
      this.#settle()
    }
  }

  #settle(): void {
    if (this.#decoding === 0 || !this.isFull) this.#turns.shift()?.()
    if (this.isFull && this.#waitingBytes === 0) this.#relieve()
    if (this.isFull === this.#wasFull) return
    this.#wasFull = this.isFull
    for (const connection of this.#connections) connection.adjust()
  }

  /** Messages that never come to their end fill the memory: the largest one ends, for waiting for it would stop all others. */
  #relieve(): void {
    let largest: PooledConnection | undefined
    for (const connection of this.#connections)
      if (connection.heldBytes > (largest?.heldBytes ?? 0)) largest = connection
    largest?.cut('too_much_in_memory')
  }
}

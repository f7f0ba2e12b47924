import type { Room } from '../listener.ts'
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

/** The right to expand something. */
interface Turn extends Room {
  /** What it came to is counted as what waits for the broker: the room that was kept for it is free. */
  endExpansion(): void
  /** What it came to is gone. */
  release(): void
}

interface WaitingTurn {
  /** That it needs beside what it has. */
  readonly bytes: number
  readonly begin: () => void
}

type PoolLimits = Pick<ListenerLimits, 'connections' | 'connectionsPerAddress' | 'bytes'>

/** What all connections of all listeners share: their number, and the memory for what they sent. */
export class ConnectionPool {
  readonly #limits: PoolLimits
  readonly #perAddress = new Map<string, number>()
  readonly #connections = new Set<PooledConnection>()
  /** Of what may become large, in the order in which it came. */
  readonly #turns: WaitingTurn[] = []
  /** Of what has begun and needs more: before all that has not. */
  readonly #growing: WaitingTurn[] = []
  #expanded = 0
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
    return this.#usedBytes > this.#limits.bytes
  }

  get #usedBytes(): number {
    return this.#heldBytes + this.#waitingBytes
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
   * Resolves once there is room for what may become large, or nothing else is expanded: one after the other where there is little. The room is
   * kept before it is needed, and grows where it was not enough.
   *
   * @param bytes that it takes, as far as is known
   */
  takeTurn(bytes: number): Promise<Turn> {
    return new Promise((resolve) => {
      this.#turns.push({ bytes, begin: () => resolve(this.#beginTurn(bytes)) })
      this.#settle()
    })
  }

  #beginTurn(bytes: number): Turn {
    let keptBytes = 0
    const keep = (most: number): void => {
      this.#expanded++
      this.#waitingBytes += most - keptBytes
      keptBytes = most
    }
    keep(bytes)
    const endExpansion = (): void => {
      const freedBytes = keptBytes
      keptBytes = 0
      this.wait(-freedBytes)
    }
    return {
      get bytes() {
        return keptBytes
      },
      grow: (most) => {
        // Until then it is not being expanded: two that wait for each other would wait forever.
        this.#expanded--
        return new Promise((resolve) => {
          const begin = (): void => {
            keep(most)
            resolve()
          }
          this.#growing.push({ bytes: most - keptBytes, begin })
          this.#settle()
        })
      },
      endExpansion,
      release: () => {
        this.#expanded--
        endExpansion()
      },
    }
  }

  #hasRoom({ bytes }: WaitingTurn): boolean {
    return this.#expanded === 0 || this.#usedBytes + bytes <= this.#limits.bytes
  }

  #beginSome(turns: WaitingTurn[]): void {
    while (turns.length > 0 && this.#hasRoom(turns[0]!)) turns.shift()!.begin()
  }

  #settle(): void {
    this.#beginSome(this.#growing)
    if (this.#growing.length === 0) this.#beginSome(this.#turns)
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

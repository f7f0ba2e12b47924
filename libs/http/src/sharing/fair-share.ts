import { AppError } from '@runnel/contracts'

/** Who wants something. */
export interface Caller {
  /** What shares one part: an address, as a rule. */
  readonly peer: string
  /** Calls once when the caller has gone; where it has already, at once. @returns what stops that */
  onGone(leave: () => void): () => void
}

export interface FairShareOptions {
  /** What is shared, in the plural, for the sentence of a refusal: `searches`. */
  readonly what: string
  /** That may be held at a time. */
  readonly permits: number
  /** That one peer may hold at a time. */
  readonly permitsOfPeer: number
  /** Callers that may wait for one; none by default. */
  readonly waiting?: number
  /** Callers of one peer that may wait. */
  readonly waitingOfPeer?: number
  /** Milliseconds that one may wait. */
  readonly waitMs?: number
  /** When a refused caller may come again. */
  readonly retryAfterMs?: number
  readonly onRefused?: (reason: RefusalReason) => void
}

/** `peer`: the peer has its own share already. `all`: everything is in use. */
type RefusalReason = 'peer' | 'all'

/** Gives a permit back; further calls have no effect. */
export type Release = () => void

interface Waiter {
  grant(): void
  refuse(error: AppError): void
}

interface Peer {
  held: number
  readonly waiting: Set<Waiter>
}

const RETRY_AFTER_MS = 1000

/**
 * A pool that no peer can have to itself: each may hold and let wait so many, and who holds least is next. Only peers that
 * hold something or wait are kept, so that the table is bounded by the permits and by those that may wait.
 */
export class FairShare {
  readonly #options: Required<FairShareOptions>
  /** Who was served last stands last. */
  readonly #peers = new Map<string, Peer>()
  #held = 0
  #waiting = 0

  constructor(options: FairShareOptions) {
    this.#options = {
      waiting: 0,
      waitingOfPeer: 0,
      waitMs: 0,
      retryAfterMs: RETRY_AFTER_MS,
      onRefused: () => undefined,
      ...options,
    }
  }

  /** Permits that are held at the moment. */
  get held(): number {
    return this.#held
  }

  /** Callers that wait at the moment. */
  get waiting(): number {
    return this.#waiting
  }

  /** Peers that hold something or wait. */
  get peers(): number {
    return this.#peers.size
  }

  /**
   * Does something with a permit.
   *
   * @throws AppError too_many_requests_of_peer | too_busy, and what the work throws
   */
  async run<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    const release = this.#take(caller.peer) ?? (await this.#wait(caller))
    try {
      return await work()
    } finally {
      release()
    }
  }

  /** A permit, as soon as it is the turn of the caller. @throws AppError too_many_requests_of_peer | too_busy */
  async acquire(caller: Caller): Promise<Release> {
    return this.#take(caller.peer) ?? this.#wait(caller)
  }

  /** A permit at once. @throws AppError too_many_requests_of_peer | too_busy */
  take(peer: string): Release {
    const release = this.#take(peer)
    if (!release) throw this.#refusal(peer)
    return release
  }

  #take(name: string): Release | undefined {
    const { permits, permitsOfPeer } = this.#options
    if (this.#held >= permits || (this.#peers.get(name)?.held ?? 0) >= permitsOfPeer) return undefined
    const peer = this.#peerOf(name)
    peer.held++
    this.#held++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      peer.held--
      this.#held--
      this.#forget(name, peer)
      this.#grantNext()
    }
  }

  #wait(caller: Caller): Promise<Release> {
    const { waiting, waitingOfPeer, waitMs } = this.#options
    const name = caller.peer
    if (this.#waiting >= waiting || (this.#peers.get(name)?.waiting.size ?? 0) >= waitingOfPeer)
      return Promise.reject(this.#refusal(name))
    const peer = this.#peerOf(name)
    const { promise, resolve, reject } = Promise.withResolvers<Release>()
    const leave = () => {
      clearTimeout(timer)
      stop()
      peer.waiting.delete(waiter)
      this.#waiting--
    }
    const waiter: Waiter = {
      grant: () => {
        leave()
        resolve(this.#take(name)!)
      },
      refuse: (error) => {
        leave()
        reject(error)
        this.#forget(name, peer)
      },
    }
    peer.waiting.add(waiter)
    this.#waiting++
    const timer = setTimeout(() => waiter.refuse(this.#refusal(name)), waitMs)
    let stop: () => void = () => undefined
    stop = caller.onGone(() => waiter.refuse(new AppError('too_busy', 'The client has gone')))
    return promise
  }

  /** The next one is the oldest of that peer which holds least; of several such, of the one that was served longest ago. */
  #grantNext(): void {
    while (this.#held < this.#options.permits) {
      let next: [name: string, peer: Peer] | undefined
      for (const entry of this.#peers) {
        const [, peer] = entry
        if (peer.waiting.size === 0 || peer.held >= this.#options.permitsOfPeer) continue
        if (!next || peer.held < next[1].held) next = entry
      }
      if (!next) return
      const [name, peer] = next
      this.#peers.delete(name)
      this.#peers.set(name, peer)
      peer.waiting.values().next().value!.grant()
    }
  }

  #peerOf(name: string): Peer {
    let peer = this.#peers.get(name)
    if (!peer) this.#peers.set(name, (peer = { held: 0, waiting: new Set() }))
    return peer
  }

  #forget(name: string, peer: Peer): void {
    if (peer.held === 0 && peer.waiting.size === 0) this.#peers.delete(name)
  }

  /** Names the real reason: the share of the peer, or that everything is in use. */
  #refusal(name: string): AppError {
    const { what, permits, permitsOfPeer, waiting, waitingOfPeer, retryAfterMs, onRefused } = this.#options
    const peer = this.#peers.get(name)
    const holdsItsPart = permitsOfPeer < permits && (peer?.held ?? 0) >= permitsOfPeer
    const waitsForItsPart = waitingOfPeer < waiting && (peer?.waiting.size ?? 0) >= waitingOfPeer
    const isOfPeer = holdsItsPart || waitsForItsPart
    onRefused(isOfPeer ? 'peer' : 'all')
    const details = { retryAfterMs }
    if (isOfPeer) {
      const sentence = `Your address has as many ${what} under way as one client may have (${permitsOfPeer}): try again later`
      return new AppError('too_many_requests_of_peer', sentence, details)
    }
    return new AppError('too_busy', `All ${permits} ${what} are in use: try again later`, details)
  }
}

import { Socket } from 'node:net'

export interface LingerOptions {
  /** Milliseconds for which the rest of a body that was answered already is read. */
  readonly drainTimeoutMs: number
  /** Bytes of such a rest that are read at least, where that is more than twice the body limit. */
  readonly drainLimitBytes: number
  /** Connections of one peer for which that is done at a time. */
  readonly drainConnectionsPerPeer: number
}

/** What Node reads of a socket at once: with the end of a body comes as much of the next request. */
const READ_BYTES = 64 * 1024

/**
 * Reads and discards what a client still sends after its answer was written. A connection that is closed with unread data is
 * reset, and a reset takes the answer away from a client that sends before it reads. Nothing of it is kept; time, bytes and
 * connections of one peer are limited, and past a limit the connection is closed at once.
 */
export class Lingering {
  readonly #options: LingerOptions
  readonly #openByPeer = new Map<string, number>()
  readonly #ending = new WeakSet<Socket>()

  constructor(options: LingerOptions) {
    this.#options = options
  }

  /** Whether a connection is on its way to its end. */
  has(socket: Socket): boolean {
    return this.#ending.has(socket)
  }

  /** Ends a connection once what was written is sent, and reads up to `maxBytes` until the client ends it as well. */
  end(socket: Socket, maxBytes: number, peer: string): void {
    if (this.#ending.has(socket)) return
    this.#ending.add(socket)
    if (socket.readableEnded) return Socket.prototype.destroySoon.call(socket)
    // The parser gets no more of it: a request after this body would be carried out without an answer.
    socket.removeAllListeners('data')
    socket.once('end', () => socket.destroy())
    socket.end()
    this.limit(socket, maxBytes, peer)
    socket.resume()
  }

  /**
   * Destroys a connection past `maxBytes` from now on, or after a while.
   *
   * @param peer who is charged with it
   * @returns ends that: the rest has come
   */
  limit(socket: Socket, maxBytes: number, peer: string): () => void {
    const open = this.#openByPeer.get(peer) ?? 0
    if (socket.destroyed || open >= this.#options.drainConnectionsPerPeer) {
      Socket.prototype.destroySoon.call(socket)
      return () => undefined
    }
    this.#openByPeer.set(peer, open + 1)
    let left = maxBytes + READ_BYTES
    const count = (chunk: Buffer): void => {
      left -= chunk.length
      if (left < 0) socket.destroy()
    }
    const timer = setTimeout(() => socket.destroy(), this.#options.drainTimeoutMs)
    let isOver = false
    const stop = (): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      socket.off('data', count).off('close', stop)
      this.#release(peer)
    }
    socket.on('data', count).once('close', stop)
    return stop
  }

  #release(peer: string): void {
    const open = (this.#openByPeer.get(peer) ?? 1) - 1
    if (open === 0) this.#openByPeer.delete(peer)
    else this.#openByPeer.set(peer, open)
  }
}

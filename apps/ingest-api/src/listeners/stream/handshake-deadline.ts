import type { Socket } from 'node:net'

/**
 * How long a client may take for its handshake of TLS, after which it is cut off. The deadline of Node.js begins anew with every byte, and what
 * it hands out after the handshake is another socket than before: the two have their remote end in common.
 */
export class HandshakeDeadline {
  readonly #limitMs: number
  readonly #timers = new Map<string, NodeJS.Timeout>()
  /** Cut off, and not reported by the server yet. */
  #late = 0

  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  begin(socket: Socket): void {
    const end = remoteEndOf(socket)
    const timer = setTimeout(() => this.#cut(socket), this.#limitMs)
    this.#timers.set(end, timer)
    socket.once('close', () => {
      clearTimeout(timer)
      if (this.#timers.get(end) === timer) this.#timers.delete(end)
    })
  }

  end(socket: Socket): void {
    clearTimeout(this.#timers.get(remoteEndOf(socket)))
  }

  /** To be called once for each handshake that the server reports as failed. @returns whether one was cut off for it */
  wasLate(): boolean {
    if (this.#late === 0) return false
    this.#late--
    return true
  }

  #cut(socket: Socket): void {
    if (socket.destroyed) return
    this.#late++
    socket.destroy()
  }
}

function remoteEndOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

import type { Socket } from 'node:net'

/**
 * How long a client may take for its handshake of TLS. That of Node.js begins anew with every byte, and what it hands out after the handshake is
 * another socket than before: the two have their remote end in common.
 */
export class HandshakeDeadline {
  readonly #limitMs: number
  readonly #onLate: (socket: Socket) => void
  readonly #timers = new Map<string, NodeJS.Timeout>()

  constructor(limitMs: number, onLate: (socket: Socket) => void) {
    this.#limitMs = limitMs
    this.#onLate = onLate
  }

  begin(socket: Socket): void {
    if (socket.destroyed) return
    const end = remoteEndOf(socket)
    const timer = setTimeout(this.#onLate, this.#limitMs, socket)
    this.#timers.set(end, timer)
    socket.once('close', () => {
      clearTimeout(timer)
      if (this.#timers.get(end) === timer) this.#timers.delete(end)
    })
  }

  end(socket: Socket): void {
    clearTimeout(this.#timers.get(remoteEndOf(socket)))
  }
}

function remoteEndOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { Transform, type Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a line does to what passes over it. */
export type LineMode =
  /** Nothing. */
  | { readonly type: 'pass' }
  /** Every piece arrives later, one at a time. */
  | { readonly type: 'latency'; readonly ms: number }
  /** Connections are taken, and what comes over them is swallowed. */
  | { readonly type: 'half-open' }
  /** Requests arrive, answers are dropped: the client does not learn what was done. */
  | { readonly type: 'drop-replies' }
  /** In each direction of each connection. */
  | { readonly type: 'bandwidth'; readonly bytesPerSecond: number }

export const PASS: LineMode = { type: 'pass' }

/** After a mode that swallowed bytes, its connections can only be cut: their streams have a hole. */
const SWALLOWING: ReadonlySet<LineMode['type']> = new Set(['half-open', 'drop-replies'])

/** A line between a client and a server on this machine, which can be troubled on purpose. */
export class TcpProxy {
  readonly #server: Server
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  readonly #forgotten = new WeakSet<Socket>()
  #mode: LineMode = PASS

  private constructor(target: number) {
    this.#target = target
    // Half-closed connections stay so: a client that ends its side may still be answered.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#join(socket))
  }

  /** @param targetPort of the server, which need not be there yet */
  static async listen(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Holds for what is connected and for what will be. */
  set(mode: LineMode): void {
    const swallowed = SWALLOWING.has(this.#mode.type)
    this.#mode = mode
    if (swallowed) this.cut()
  }

  /**
   * Forgets every connection, as a firewall does: what comes over those that are open is swallowed for good, and neither end learns of
   * it. Connections that are made from now on are as the mode says.
   */
  forget(): void {
    for (const socket of this.#sockets) this.#forgotten.add(socket)
  }

  /** Breaks every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket): void {
    const server = createConnection({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true })
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one)
      // Each end breaks with the other; why is of no interest.
      one.on('error', () => undefined)
      one.once('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    this.#carry(client, server, 'request')
    this.#carry(server, client, 'answer')
  }

  #carry(from: Socket, to: Duplex, direction: 'request' | 'answer'): void {
    const line = new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        void this.#pass(piece, direction).then((passes) =>
          done(null, passes && !this.#forgotten.has(from) ? piece : undefined),
        )
      },
    })
    from.pipe(line).pipe(to)
    from.once('close', () => line.destroy())
  }

  /** @returns whether the piece arrives, once it does */
  async #pass(piece: Buffer, direction: 'request' | 'answer'): Promise<boolean> {
    const mode = this.#mode
    if (mode.type === 'half-open') return false
    if (mode.type === 'drop-replies') return direction === 'request'
    if (mode.type === 'latency') await sleep(mode.ms, undefined, { ref: false })
    if (mode.type === 'bandwidth')
      await sleep((piece.length * 1000) / mode.bytesPerSecond, undefined, { ref: false })
    return true
  }
}

import type { Socket } from 'node:net'
import type { Submitted } from '../create-submit.ts'
import type { DecodedBody } from '../../wire-format.ts'
import {
  StreamError,
  type Peer,
  type Received,
  type StreamProtocol,
  type StreamSession,
} from '../listener.ts'
import { reportDefect } from '../report-defect.ts'
import type { ListenerDeps } from '../shared-deps.ts'
import type { ConnectionPool, PooledConnection } from './connection-pool.ts'
import { ReadDeadline } from './read-deadline.ts'
import { sizeOfAll } from '../../written-texts.ts'

/** Bytes of a connection that wait for the broker, beyond which it is not read: its sender has to wait, as TCP has it. */
const MAX_WAITING_BYTES = 256 * 1024
/** How long the other side may take to close a connection that has ended. */
const LINGER_MS = 2000

interface ConnectionDeps extends ListenerDeps {
  readonly protocol: StreamProtocol
  readonly pool: ConnectionPool
}

/**
 * One connection: what came by the time of a submission is submitted together, in no order, and acknowledged in the order in which it came. While the
 * broker is busy or unreachable the socket is not read, so that nothing is dropped: the sender is slowed down.
 */
export class Connection implements PooledConnection {
  readonly #socket: Socket
  readonly #peer: Peer
  readonly #deps: ConnectionDeps
  readonly #session: StreamSession
  readonly #deadline: ReadDeadline
  readonly #closed = Promise.withResolvers<void>()
  /** Resolves once the connection has ended, and all that was read of it is safe or given up. */
  readonly done: Promise<void>
  #waiting: Received[] = []
  /** Of what was read as a whole, and is not confirmed. */
  #waitingBytes = 0
  #heldBytes = 0
  #working: Promise<void> | undefined
  /** Nothing more is read. */
  #isEnding = false

  constructor(socket: Socket, peer: Peer, deps: ConnectionDeps) {
    this.#socket = socket
    this.#peer = peer
    this.#deps = deps
    this.#deadline = new ReadDeadline(deps.limits, (reason) => this.cut(reason))
    this.#session = deps.protocol.open(peer, deps.limits, (defect) => reportDefect(defect, deps))
    deps.pool.add(this)
    deps.counts.connections++
    socket.setKeepAlive(true, 60_000)
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('end', () => this.#endOfInput())
    // 'close' follows.
    socket.on('error', () => undefined)
    socket.once('close', () => this.#onClose())
    if (this.#session.greeting !== undefined) socket.write(this.#session.greeting)
    this.adjust()
    this.done = this.#closed.promise.then(() => this.#working)
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Reads, or does not: nothing more fits into the memory of this connection or of all of them. */
  adjust(): void {
    if (this.#isEnding) return
    if (this.#waitingBytes >= MAX_WAITING_BYTES || this.#deps.pool.isFull) {
      this.#deadline.stop()
      this.#socket.pause()
      return
    }
    this.#followDeadline()
    this.#socket.resume()
  }

  /** A client that waits for its acknowledgements is not idle. */
  #followDeadline(): void {
    const frame = this.#session.incompleteFrame
    if (frame === undefined && this.#working !== undefined) this.#deadline.stop()
    else this.#deadline.follow(frame)
  }

  cut(reason: string): void {
    this.#refuse(reason)
    this.#stopReading()
    this.#socket.destroy()
    this.#hold(0)
  }

  /** Reads nothing more; resolves once all that was read is safe and acknowledged, and the connection has ended. */
  async drain(): Promise<void> {
    this.#stopReading()
    this.#socket.pause()
    await this.#working
    this.#finish()
    await this.done
  }

  #read(bytes: Buffer): void {
    if (this.#isEnding) return
    try {
      this.#session.read(bytes, (received) => this.#take(received))
    } catch (error) {
      this.#fail(error)
    }
    if (!this.#isEnding) this.#hold(this.#session.heldBytes)
    this.#work()
    this.adjust()
  }

  #stopReading(): void {
    this.#isEnding = true
    this.#deadline.stop()
  }

  #take(received: Received): void {
    this.#waiting.push(received)
    this.#wait(received.bytes)
  }

  #hold(bytes: number): void {
    const change = bytes - this.#heldBytes
    // First: the pool may end this connection for what it holds.
    this.#heldBytes = bytes
    this.#deps.pool.hold(change)
  }

  #wait(bytes: number): void {
    this.#waitingBytes += bytes
    this.#deps.counts.waitingBytes += bytes
    this.#deps.pool.wait(bytes)
  }

  #work(): void {
    if (this.#working !== undefined || this.#waiting.length === 0) return
    this.#working = this.#submitAll().finally(() => {
      this.#working = undefined
      this.adjust()
    })
  }

  /** What was read as a whole is submitted also where the connection is gone: its sender takes it for sent. */
  async #submitAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      const outcomes = batch.map((received) => this.#submit(received))
      for (const [i, outcome] of outcomes.entries()) {
        const isKept = await outcome
        const { acknowledgement } = batch[i]!
        if (acknowledgement !== undefined && isKept) await this.#write(acknowledgement)
      }
      this.adjust()
    }
  }

  /** @returns whether it is kept, so that it may be acknowledged */
  async #submit(received: Received): Promise<boolean> {
    try {
      return received.expandedBytes === undefined
        ? await this.#submitDecoded(await received.decode())
        : await this.#submitExpanded(received, received.expandedBytes)
    } catch (error) {
      reportDefect(error, this.#deps)
      return false
    } finally {
      this.#wait(-received.bytes)
    }
  }

  async #submitExpanded(received: Received, maxBytes: number): Promise<boolean> {
    const turn = await this.#deps.pool.takeTurn(maxBytes)
    let bytes = 0
    try {
      const body = await received.decode(turn)
      bytes = sizeOfAll(body.texts)
      this.#wait(bytes)
      turn.endExpansion()
      return await this.#submitDecoded(body)
    } finally {
      this.#wait(-bytes)
      turn.release()
    }
  }

  async #submitDecoded(body: DecodedBody): Promise<boolean> {
    const { submit, counts, warn } = this.#deps
    const outcome = await submit(body)
    counts.submitted(outcome)
    const [rejected] = outcome.rejected
    if (rejected !== undefined) warn({ address: this.#peer.address, reason: rejected.code })
    return isKeptBy(outcome)
  }

  /** Waits for a client that does not read its acknowledgements. */
  async #write(bytes: Buffer): Promise<void> {
    if (!this.#socket.writable || this.#socket.write(bytes)) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => this.cut('idle'), this.#deps.limits.idleMs)
    for (const event of ['drain', 'close']) this.#socket.once(event, resolve)
    await promise
    clearTimeout(timer)
    for (const event of ['drain', 'close']) this.#socket.removeListener(event, resolve)
  }

  #endOfInput(): void {
    if (this.#isEnding) return
    try {
      this.#session.end((received) => this.#take(received))
    } catch (error) {
      return this.#fail(error)
    }
    this.#end()
  }

  /** What came before is submitted and acknowledged first. */
  #end(farewell?: Buffer): void {
    this.#stopReading()
    this.#hold(0)
    this.#work()
    void (this.#working ?? Promise.resolve()).then(() => this.#finish(farewell))
  }

  #finish(farewell?: Buffer): void {
    if (this.#socket.destroyed) return
    if (farewell === undefined) this.#socket.end()
    else this.#socket.end(farewell)
    // What comes now is thrown away: with bytes that were not read, closing would take back what was sent.
    this.#socket.resume()
    const timer = setTimeout(() => this.#socket.destroy(), LINGER_MS)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  #fail(error: unknown): void {
    const reason = error instanceof StreamError ? error.reason : 'internal'
    this.#refuse(reason, error)
    this.#end(error instanceof StreamError ? error.farewell : undefined)
  }

  #refuse(reason: string, err?: unknown): void {
    this.#deps.counts.refused(reason)
    this.#deps.warn({ address: this.#peer.address, reason, err })
  }

  #onClose(): void {
    this.#stopReading()
    this.#hold(0)
    this.#deps.pool.remove(this)
    this.#deps.counts.connections--
    this.#closed.resolve()
  }
}

/** Nothing at all counts as kept: a handshake, an empty list. */
function isKeptBy({ accepted, rejected, lost }: Submitted): boolean {
  return lost === 0 && (accepted > 0 || rejected.length === 0)
}

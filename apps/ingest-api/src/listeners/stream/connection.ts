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

/** Bytes of a connection that wait for the broker, beyond which it is not read: its sender has to wait, as TCP has it. */
const MAX_WAITING_BYTES = 256 * 1024
/** How long the other side may take to close a connection that has ended. */
const LINGER_MS = 2000

interface ConnectionDeps extends ListenerDeps {
  readonly protocol: StreamProtocol
  readonly pool: ConnectionPool
}

/**
 * One connection: what comes is decoded, submitted in order, and acknowledged in order. While the broker is busy or unreachable the socket is not
 * read, so that nothing is dropped: the sender is slowed down.
 */
export class Connection implements PooledConnection {
  readonly #socket: Socket
  readonly #peer: Peer
  readonly #deps: ConnectionDeps
  readonly #session: StreamSession
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
    this.#session = deps.protocol.open(peer, deps.limits, (defect) => reportDefect(defect, deps))
    deps.pool.add(this)
    deps.counts.connections++
    socket.setKeepAlive(true, 60_000)
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('end', () => this.#endOfInput())
    socket.on('timeout', () => this.#onTimeout())
    // 'close' follows.
    socket.on('error', () => undefined)
    socket.once('close', () => this.#onClose())
    if (this.#session.greeting !== undefined) socket.write(this.#session.greeting)
    this.#watch()
    this.done = this.#closed.promise.then(() => this.#working)
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  goOn(): void {
    if (!this.#isEnding && this.#waitingBytes < MAX_WAITING_BYTES) this.#socket.resume()
  }

  cut(reason: string): void {
    this.#refuse(reason)
    this.#isEnding = true
    this.#socket.destroy()
    this.#hold(0)
  }

  /** Reads nothing more; resolves once all that was read is safe and acknowledged, and the connection has ended. */
  async drain(): Promise<void> {
    this.#isEnding = true
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
    this.#watch()
    if (this.#waitingBytes >= MAX_WAITING_BYTES) this.#socket.pause()
    this.#giveWay()
  }

  #giveWay(): void {
    const { pool } = this.#deps
    if (this.#isEnding || !pool.isFull) return
    this.#socket.pause()
    pool.pause(this)
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
    this.#working = this.#submitAll().finally(() => (this.#working = undefined))
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
      this.#watch()
      this.goOn()
      this.#giveWay()
    }
  }

  /** @returns whether it is kept, so that it may be acknowledged */
  async #submit(received: Received): Promise<boolean> {
    const release = received.expands ? await this.#deps.pool.takeTurn() : undefined
    try {
      return await this.#submitDecoded(await received.decode(), received.expands)
    } catch (error) {
      reportDefect(error, this.#deps)
      return false
    } finally {
      this.#wait(-received.bytes)
      release?.()
    }
  }

  async #submitDecoded(body: DecodedBody, expands = false): Promise<boolean> {
    const { submit, counts, warn } = this.#deps
    const expandedBytes = expands ? body.texts.reduce((sum, { length }) => sum + length, 0) : 0
    this.#wait(expandedBytes)
    const outcome = await submit(body)
    this.#wait(-expandedBytes)
    counts.submitted(outcome)
    const [rejected] = outcome.rejected
    if (rejected !== undefined) warn({ address: this.#peer.address, reason: rejected.code })
    return isKeptBy(outcome)
  }

  /** Waits for a client that does not read its acknowledgements. */
  async #write(bytes: Buffer): Promise<void> {
    if (!this.#socket.writable || this.#socket.write(bytes)) return
    const { promise, resolve } = Promise.withResolvers<void>()
    for (const event of ['drain', 'close']) this.#socket.once(event, resolve)
    await promise
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
    this.#isEnding = true
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

  /** In the middle of something a client has less time. */
  #watch(): void {
    const { frameMs, idleMs } = this.#deps.limits
    this.#socket.setTimeout(this.#session.isIncomplete ? frameMs : idleMs)
  }

  #onTimeout(): void {
    // It is this side that takes its time, but for a client that does not read its acknowledgements.
    if (this.#working !== undefined && !this.#socket.writableNeedDrain) return this.#watch()
    this.cut(this.#session.isIncomplete ? 'too_slow' : 'idle')
  }

  #onClose(): void {
    this.#isEnding = true
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

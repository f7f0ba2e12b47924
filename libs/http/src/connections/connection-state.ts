import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A direction in which nothing, or little, has come for some time. */
interface Window {
  readonly sinceMs: number
  readonly bytes: number
}

export interface SlowClientLimits {
  /** Milliseconds in which a client has to send, or to take, so many bytes of what is expected of it. */
  readonly slowMs: number
  readonly slowBytes: number
}

/** Requests of one connection, and how fast their bodies come and their answers go. */
export class ConnectionState {
  readonly socket: Socket
  readonly #answers: ServerResponse[] = []
  #request: IncomingMessage | undefined
  #receiving: Window | undefined
  #sending: Window | undefined

  constructor(socket: Socket) {
    this.socket = socket
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#request = request
    this.#forgetClosed()
    this.#answers.push(response)
  }

  /** @returns the answer that was begun so many before the newest, if it is not out yet */
  earlier(count: number): ServerResponse | undefined {
    this.#forgetClosed()
    return this.#answers.at(-1 - count)
  }

  /** Bytes of answers that the client has not taken. */
  get waitingBytes(): number {
    this.#forgetClosed()
    let bytes = 0
    // That of the first one has what waits in the socket.
    for (const answer of this.#answers) bytes += answer.writableLength
    return Math.max(bytes, this.socket.writableLength)
  }

  /** @returns the request whose body has come too slowly, up to now */
  slowBody(nowMs: number, limits: SlowClientLimits): IncomingMessage | undefined {
    const request = this.#request
    // What waits in the request waits for the app.
    const isExpected = request && !request.complete && !request.destroyed && request.readableLength === 0
    this.#receiving = isExpected
      ? next(this.#receiving, nowMs, this.socket.bytesRead, limits.slowBytes)
      : undefined
    if (!isSlow(this.#receiving, nowMs, limits)) return undefined
    // Once: what becomes of the connection then is another matter.
    this.#request = undefined
    return request
  }

  /** @returns whether answers were taken too slowly, up to now */
  isSlowReader(nowMs: number, limits: SlowClientLimits): boolean {
    this.#sending =
      this.waitingBytes > 0
        ? next(this.#sending, nowMs, takenBytes(this.socket), limits.slowBytes)
        : undefined
    return isSlow(this.#sending, nowMs, limits)
  }

  #forgetClosed(): void {
    while (this.#answers[0]?.closed === true) this.#answers.shift()
  }
}

/** Goes on with a window until enough has come for a new one. */
function next(window: Window | undefined, nowMs: number, bytes: number, enough: number): Window {
  return window && bytes - window.bytes < enough ? window : { sinceMs: nowMs, bytes }
}

function isSlow(window: Window | undefined, nowMs: number, { slowMs }: SlowClientLimits): boolean {
  return window !== undefined && nowMs - window.sinceMs >= slowMs
}

/** What net.Socket knows beyond its documentation, and uses itself to see whether a connection is idle. */
interface SocketInternals {
  readonly _bytesDispatched?: number
  readonly _handle?: { readonly writeQueueSize?: number } | null
}

/** Of a large piece, `bytesWritten` shows progress only once all of it was taken. */
function takenBytes(socket: Socket): number {
  const { _bytesDispatched: dispatched, _handle: handle } = socket as unknown as SocketInternals
  if (dispatched === undefined) return socket.bytesWritten - socket.writableLength
  return dispatched - (handle?.writeQueueSize ?? 0)
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describeClientError, type ClientError, type RefusalHeaders } from './describe-client-error.ts'
import type { PeerOf } from '../sharing/peer-of.ts'
import { formatRawAnswer } from './format-raw-answer.ts'
import { connectionEventOf } from './connection-event-of.ts'
import { Lingering, type LingerOptions } from './lingering.ts'
import { sendContinueWhenRead } from './send-continue-when-read.ts'

type Response = ServerResponse<IncomingMessage>

/** How the connections of a server end: a client that sent something gets an answer, and can read it. */
export class Connections {
  readonly #lingering: Lingering
  readonly #peerOf: PeerOf
  readonly #bodyLimitBytes: number
  readonly #leastBytes: number
  /** Connections that have not asked for anything yet. */
  readonly #silent = new Set<Socket>()
  /** The answer to the last request of each connection, begun or not. */
  readonly #last = new WeakMap<Socket, Response>()
  /** Of pipelined requests: the answer before, where it was open. */
  readonly #before = new WeakMap<Response, Response>()
  readonly #bodyLimits = new WeakMap<IncomingMessage, number>()
  readonly #broken = new WeakSet<Socket>()
  /** Connections that HTTP may come over: with TLS, those whose handshake is done. */
  readonly #opened = new WeakSet<Socket>()

  readonly #refusalHeaders: RefusalHeaders | undefined

  /**
   * @param bodyLimitBytes of most requests; {@link setBodyLimit} is for the others
   * @param refusalHeaders of what is refused here
   */
  constructor(
    options: LingerOptions,
    bodyLimitBytes: number,
    peerOf: PeerOf,
    refusalHeaders?: RefusalHeaders,
  ) {
    this.#refusalHeaders = refusalHeaders
    this.#peerOf = peerOf
    this.#lingering = new Lingering(options)
    this.#bodyLimitBytes = bodyLimitBytes
    this.#leastBytes = options.drainLimitBytes
  }

  /** Before the server has listened. */
  watch(server: Server): void {
    server.on(connectionEventOf(server), (socket: Socket) => {
      this.#opened.add(socket)
      this.#silent.add(socket)
      socket.once('close', () => this.#silent.delete(socket))
      socket.destroySoon = () => this.#endSoon(socket)
    })
    server.prependListener('request', (_request, response: Response) => this.#begin(response))
    sendContinueWhenRead(server)
    server.on('checkExpectation', (_request, response: Response) => {
      this.#begin(response)
      response.shouldKeepAlive = false
      const { status, headers, body } = formatRawAnswer(417, 'Expect may be 100-continue, and nothing else')
      response.writeHead(status, headers).end(body)
    })
  }

  /**
   * Ends connections that have not asked for anything. Browsers and undici open some in advance; Node does not take them for
   * idle, and a drain would wait for them until its deadline.
   */
  endSilent(): void {
    for (const socket of this.#silent) socket.destroy()
  }

  /** For a request whose body may be larger than those of others. */
  setBodyLimit(request: IncomingMessage, bytes: number): void {
    this.#bodyLimits.set(request, bytes)
  }

  /** After an answer on a connection that lives on: what is left of the request's body may come, within bounds. */
  limitRest(request: IncomingMessage): void {
    // undici takes the socket away from a body that it gave up.
    const socket: Socket | null = request.socket
    if (request.complete || socket === null || socket.destroyed || this.#lingering.has(socket)) return
    const stop = this.#lingering.limit(socket, this.#restOf(request), this.#peerOf(request))
    request.once('end', stop).once('close', stop).resume()
  }

  /** Answers bytes that are not valid HTTP, after the answers to what came before them. */
  readonly onClientError = (error: ClientError, socket: Socket): void => {
    if (this.#lingering.has(socket)) return
    if (error.code === 'ECONNRESET' || !socket.writable || !this.#opened.has(socket))
      return void socket.destroy()
    if (this.#broken.has(socket)) return
    this.#broken.add(socket)
    const last = this.#last.get(socket)
    if (last === undefined) return this.#answerError(error, socket)
    if (last.req.complete) return afterwards(last, () => this.#answerError(error, socket))
    // The body of this request is broken, so that nothing else will answer it.
    afterwards(this.#before.get(last), () => {
      if (last.headersSent) socket.destroySoon()
      else this.#answerError(error, socket)
    })
  }

  #begin(response: Response): void {
    const { socket } = response.req
    this.#silent.delete(socket)
    const before = this.#last.get(socket)
    if (before !== undefined && !before.writableFinished) this.#before.set(response, before)
    this.#last.set(socket, response)
  }

  /** Node closes a connection after its last answer, whether or not the request has come to its end. */
  #endSoon(socket: Socket): void {
    const request = this.#last.get(socket)?.req
    if (request === undefined || request.complete) return void Socket.prototype.destroySoon.call(socket)
    // Not the request's own socket: undici takes that away from a body that it gave up.
    const peer = this.#peerOf({ headers: request.headers, socket })
    this.#lingering.end(socket, this.#restOf(request), peer)
  }

  #answerError(error: ClientError, socket: Socket): void {
    if (!socket.writable) return
    socket.write(describeClientError(error, this.#refusalHeaders))
    // What is no HTTP names no client: behind a proxy, the request before it does.
    const { headers } = this.#last.get(socket)?.req ?? { headers: {} }
    this.#lingering.end(socket, this.#bound(this.#bodyLimitBytes), this.#peerOf({ headers, socket }))
  }

  /** Bytes that may still come of a body: no more than was announced. */
  #restOf(request: IncomingMessage): number {
    const bound = this.#bound(this.#bodyLimits.get(request) ?? this.#bodyLimitBytes)
    const { 'content-length': announced } = request.headers
    return announced === undefined ? bound : Math.min(Number(announced), bound)
  }

  #bound(bodyLimitBytes: number): number {
    return Math.max(2 * bodyLimitBytes, this.#leastBytes)
  }
}

/** At once where there is no answer, or it is over. */
function afterwards(response: Response | undefined, work: () => void): void {
  if (response === undefined || response.closed || response.writableFinished) work()
  else response.once('close', work)
}

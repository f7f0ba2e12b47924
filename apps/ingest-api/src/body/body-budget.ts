import { AppError } from '@runnel/contracts'
import type { PeerOf } from '@runnel/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Bodies may be compressed though their request does not say so: a small one may become a large one. */
    readonly mayBeCompressed?: boolean
  }
}

export interface BodyBudgetOptions {
  /** Bytes of bodies that may be in memory at a time. */
  readonly totalBytes: number
  /** Of one peer. */
  readonly peerBytes: number
  readonly peerOf: PeerOf
}

/** Bodies up to this size are free: the number of connections bounds them, and the hot path pays nothing. */
const SMALL_BYTES = 64 * 1024

const RETRY_AFTER_MS = 1000

/**
 * Keeps the sum of large and of compressed bodies within bounds. Each of them is limited already; a thousand at once would
 * still be more than the process has. What has arrived is charged, and what it inflates to: a client that announces much and
 * sends nothing takes nothing away from others. Given back when the request has ended.
 */
export class BodyBudget {
  readonly #options: BodyBudgetOptions
  readonly #peers = new Map<string, number>()
  readonly #accounts = new WeakMap<FastifyRequest, BodyAccount>()
  #bytes = 0

  constructor(options: BodyBudgetOptions) {
    this.#options = options
  }

  /** Bytes that are charged at the moment. */
  get bytes(): number {
    return this.#bytes
  }

  /** Peers that are charged for something. */
  get peers(): number {
    return this.#peers.size
  }

  /** A hook `preParsing`: charges bodies as they arrive, and refuses the rest of one that goes beyond the budget. */
  charge(
    request: FastifyRequest,
    reply: FastifyReply,
    body: Readable,
    done: (error: Error | null, body?: Readable) => void,
  ): void {
    if (!isFree(request)) {
      const account = new BodyAccount(this, this.#options.peerOf(request))
      this.#accounts.set(request, account)
      // Comes after every end of a request, also when the client disconnected.
      reply.raw.once('close', () => account.close())
      body.on('data', (piece: Buffer) => {
        const refusal = account.add(piece.length)
        // Its reader answers; destroying it would end the connection without an answer.
        if (refusal) body.emit('error', refusal)
      })
    }
    done(null, body)
  }

  /**
   * Charges what a body was inflated to.
   *
   * @throws AppError too_busy | too_many_requests_of_peer
   */
  chargeInflated(request: FastifyRequest, bytes: number): void {
    const refusal = this.#accounts.get(request)?.add(bytes)
    if (refusal) throw refusal
  }

  /** For {@link BodyAccount}. @returns why not; one body always may go on */
  add(peer: string, bytes: number, own: number): AppError | undefined {
    const { totalBytes, peerBytes } = this.#options
    const ofPeer = this.#peers.get(peer) ?? 0
    if (ofPeer > own && ofPeer + bytes > peerBytes) return refuse('too_many_requests_of_peer', 'your address')
    if (this.#bytes > own && this.#bytes + bytes > totalBytes) return refuse('too_busy', 'all clients')
    this.#change(peer, bytes)
    return undefined
  }

  /** For {@link BodyAccount}. */
  giveBack(peer: string, bytes: number): void {
    this.#change(peer, -bytes)
  }

  #change(peer: string, bytes: number): void {
    this.#bytes += bytes
    const ofPeer = (this.#peers.get(peer) ?? 0) + bytes
    if (ofPeer > 0) this.#peers.set(peer, ofPeer)
    else this.#peers.delete(peer)
  }
}

/** What one request is charged for. */
class BodyAccount {
  readonly #budget: BodyBudget
  readonly #peer: string
  #bytes = 0
  #isOpen = true

  constructor(budget: BodyBudget, peer: string) {
    this.#budget = budget
    this.#peer = peer
  }

  /** @returns why this is too much, once: what comes after that is thrown away, and costs nothing */
  add(bytes: number): AppError | undefined {
    if (!this.#isOpen) return undefined
    const refusal = this.#budget.add(this.#peer, bytes, this.#bytes)
    if (refusal) this.close()
    else this.#bytes += bytes
    return refusal
  }

  close(): void {
    if (this.#isOpen) this.#budget.giveBack(this.#peer, this.#bytes)
    this.#isOpen = false
  }
}

function isFree({ headers, routeOptions }: FastifyRequest): boolean {
  if (headers['content-encoding'] !== undefined || routeOptions.config.mayBeCompressed) return false
  const length = headers['content-length']
  return length === undefined ? headers['transfer-encoding'] === undefined : Number(length) <= SMALL_BYTES
}

function refuse(code: 'too_busy' | 'too_many_requests_of_peer', whose: string): AppError {
  return new AppError(
    code,
    `The bodies of ${whose} that are under way are as large as they may be: try again`,
    {
      retryAfterMs: RETRY_AFTER_MS,
    },
  )
}

import type { DecodedBody } from '../wire-format.ts'
import type { Item } from './items.ts'
import type { ListenerLimits } from './settings.ts'

/** Who sent something. */
export interface Peer {
  /** IP address; IPv4 as it is written, also where a socket for both shows it as IPv6. */
  readonly address: string
}

/**
 * One way in which clients send events over connections without HTTP. What all of them share happens outside of it: limits of
 * connections and memory, TLS, admission, ids, the wait for the broker, and that nothing more is read while that takes long.
 */
export interface StreamProtocol {
  /**
   * One for each connection.
   *
   * @param report counts and logs a defect that costs one message, where the next ones can be read all the same
   */
  open(peer: Peer, limits: ListenerLimits, report: (defect: unknown) => void): StreamSession
}

/** What a connection has sent so far. */
export interface StreamSession {
  /** Sent as soon as the connection is open. */
  readonly greeting?: Buffer | undefined
  /** Bytes that are kept of what has not come to its end. */
  readonly heldBytes: number
  /**
   * Number of the message, or the handshake, whose rest has not come: another one for each. Undefined where nothing has come behind the end of
   * the last one.
   */
  readonly incompleteFrame: number | undefined
  /**
   * @param take gets what is complete, in order
   * @throws StreamError where nothing more can be read of the connection; what was taken before counts
   */
  read(bytes: Buffer, take: (received: Received) => void): void
  /** The client sends nothing more. */
  end(take: (received: Received) => void): void
}

/** What is decoded, made safe and answered as one. */
export interface Received {
  /** How much memory it takes. */
  readonly bytes: number
  /** Of what has to be expanded: bytes that this takes beside it, as far as is known. It waits until there is room for them. */
  readonly expandedBytes?: number
  /**
   * Never fails: what cannot be read is among its rejected items.
   *
   * @param room that is kept for it; with `expandedBytes` alone
   */
  decode(room?: Room): DecodedBody | Promise<DecodedBody>
  /** Sent once all of its events are with the broker; not where none of what it holds is an event. */
  readonly acknowledgement?: Buffer
}

/** Memory that is kept for what is being expanded. */
export interface Room {
  /** How much is kept. */
  readonly bytes: number
  /** Resolves once as much is kept, beside nothing else that is being expanded where all of it is more than there may be. */
  grow(bytes: number): Promise<void>
}

/** One way in which clients send events in datagrams. Nothing is ever answered. */
export interface DatagramProtocol {
  /** @param drop counts what came and never will be an event */
  open(limits: ListenerLimits, drop: (reason: string, count: number) => void): DatagramSession
}

export interface DatagramSession {
  /** @returns what the datagram holds, or completes. Never throws */
  read(datagram: Buffer, peer: Peer): readonly Item[]
  close?(): void
}

/** Nothing more can be read of a connection: it is closed. */
export class StreamError extends Error {
  /** Under which it is counted. */
  readonly reason: string
  /** What the client is sent before. */
  readonly farewell: Buffer | undefined

  constructor(reason: string, message: string, farewell?: Buffer) {
    super(message)
    this.name = 'StreamError'
    this.reason = reason
    this.farewell = farewell
  }
}

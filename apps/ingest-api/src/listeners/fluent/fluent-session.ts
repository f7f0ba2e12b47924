import { encode } from '@msgpack/msgpack'
import { ByteQueue } from '../byte-queue.ts'
import { toBody } from '../items.ts'
import { StreamError, type Received, type StreamSession } from '../listener.ts'
import type { ListenerLimits } from '../settings.ts'
import { decodeMessage } from './decode-message.ts'
import type { Handshake } from './handshake.ts'
import { readMessage, type ForwardMessage } from './read-message.ts'
import { ValueScanner } from './scan-values.ts'

/** What a stranger may send before it has proved that it has the key. */
const MAX_PING_BYTES = 4096
/** What a message costs beside its bytes. */
const MESSAGE_COST = 256
/** Sent by some senders to see whether the connection is alive. */
const NIL = 0xc0

/** A connection of the forward protocol of Fluentd. */
export class FluentSession implements StreamSession {
  readonly #queue = new ByteQueue()
  readonly #scanner = new ValueScanner()
  readonly #limits: ListenerLimits
  /** That have come to their end. */
  #messages = 0
  /** Undefined: none is asked for, or it is over. */
  #handshake: Handshake | undefined

  constructor(limits: ListenerLimits, handshake: Handshake | undefined) {
    this.#limits = limits
    this.#handshake = handshake
  }

  get greeting(): Buffer | undefined {
    return this.#handshake?.helo
  }

  get heldBytes(): number {
    return this.#queue.length
  }

  get incompleteFrame(): number | undefined {
    return this.#queue.length > 0 || this.#handshake !== undefined ? this.#messages : undefined
  }

  read(bytes: Buffer, take: (received: Received) => void): void {
    this.#queue.append(bytes)
    while (this.#queue.length > 0) {
      const message = this.#nextMessage()
      if (message === undefined) break
      this.#messages++
      if (this.#handshake !== undefined) take(this.#answerPing(this.#handshake, message))
      else if (message[0] !== NIL) take(this.#receive(message))
    }
    this.#queue.settle()
  }

  /** What has no end has not been acknowledged, and is sent again. */
  end(): void {}

  /** @throws StreamError */
  #nextMessage(): Buffer | undefined {
    const maxBytes = this.#handshake ? MAX_PING_BYTES : this.#limits.fluentChunkBytes
    const end = this.#scan()
    if ((end ?? Math.max(this.#scanner.position, this.#queue.length)) > maxBytes)
      throw new StreamError(
        'body_too_large',
        `A message is larger than ${maxBytes} bytes (FLUENT_CHUNK_BYTES)`,
      )
    return end === undefined ? undefined : this.#queue.take(end)
  }

  #scan(): number | undefined {
    try {
      return this.#scanner.scan(this.#queue.bytes)
    } catch (error) {
      throw malformed(error)
    }
  }

  #answerPing(handshake: Handshake, message: Buffer): Received {
    const acknowledgement = handshake.answer(message)
    this.#handshake = undefined
    return { bytes: 0, decode: () => toBody([]), acknowledgement }
  }

  #receive(bytes: Buffer): Received {
    const message = tryRead(bytes)
    const { fluentChunkBytes: limitBytes } = this.#limits
    return {
      bytes: MESSAGE_COST + bytes.length,
      expandedBytes: roomFor(message, limitBytes),
      decode: (room) => decodeMessage(message, limitBytes, room),
      ...(message.chunk !== undefined && { acknowledgement: Buffer.from(encode({ ack: message.chunk })) }),
    }
  }
}

/** The shortest entry: a list of a time of one byte and an empty record. */
const LEAST_ENTRY_BYTES = 3
/** JSON of an entry beside its record and its tag. */
const ENTRY_CHARS = 128
/** A control character takes as many in JSON. */
const MAX_ESCAPE_CHARS = 6

/**
 * @returns bytes to be kept for what a message comes to as JSON, where each entry has the tag twice; at first no more than a message may have,
 * which is what a compressed one inflates to
 */
function roomFor({ tag, entries, count, compressed }: ForwardMessage, limitBytes: number): number {
  // How much it inflates to can only be known afterwards: what a sender says of it proves nothing.
  if (compressed !== undefined) return limitBytes
  const most = count ?? Math.ceil(entries.length / LEAST_ENTRY_BYTES)
  return Math.min(limitBytes, MAX_ESCAPE_CHARS * entries.length + most * (ENTRY_CHARS + 2 * tag.length))
}

/** @throws StreamError */
function tryRead(bytes: Buffer): ForwardMessage {
  try {
    return readMessage(bytes)
  } catch (error) {
    throw malformed(error)
  }
}

function malformed(error: unknown): StreamError {
  return new StreamError('malformed', `This is not the forward protocol: ${(error as Error).message}`)
}

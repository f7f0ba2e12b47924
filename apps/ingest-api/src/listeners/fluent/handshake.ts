import { encode } from '@msgpack/msgpack'
import type { FailureLimit } from '@runnel/http'
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { StreamError, type Peer } from '../listener.ts'
import { decodeRaw } from './fluent-codec.ts'

/** Another name than that of any sender: fluentd takes its own name for a configuration that leads to itself. */
const SERVER = 'runnel-ingest-api'
const NONCE_BYTES = 16

/**
 * The proof that a sender has the shared key, which itself is never sent: HELO with a random text, PING with a hash of that and the key, PONG
 * with a hash that proves the same of this side.
 */
export class Handshake {
  readonly helo: Buffer
  readonly #nonce = randomBytes(NONCE_BYTES)
  readonly #sharedKey: string
  readonly #peer: Peer
  readonly #failures: FailureLimit

  constructor(sharedKey: string, peer: Peer, failures: FailureLimit) {
    this.#sharedKey = sharedKey
    this.#peer = peer
    this.#failures = failures
    this.helo = pack(['HELO', { nonce: this.#nonce, auth: '', keepalive: true }])
  }

  /**
   * @param ping the first message of the sender
   * @returns PONG
   * @throws StreamError where it does not have the key
   */
  answer(ping: Buffer): Buffer {
    const { host, salt, digest } = readPing(ping)
    if (isEqual(digest, this.#digest(salt, host))) {
      return pack(['PONG', true, '', SERVER, this.#digest(salt, Buffer.from(SERVER))])
    }
    const isTooOften = this.#failures.note(this.#peer.address) !== undefined
    const farewell = isTooOften ? undefined : pack(['PONG', false, 'shared key mismatch', '', ''])
    throw new StreamError('unauthenticated', 'The sender does not have FLUENT_SHARED_KEY', farewell)
  }

  #digest(salt: Uint8Array, host: Uint8Array): string {
    const hash = createHash('sha512').update(salt).update(host).update(this.#nonce)
    return hash.update(this.#sharedKey).digest('hex')
  }
}

function pack(value: unknown): Buffer {
  return Buffer.from(encode(value))
}

interface Ping {
  readonly host: Uint8Array
  readonly salt: Uint8Array
  readonly digest: Uint8Array
}

/** `['PING', host, salt, digest, user, password]`. Texts as bytes: the salt may be any. @throws StreamError */
function readPing(bytes: Buffer): Ping {
  const values = tryDecode(bytes)
  const [name, host, salt, digest] = Array.isArray(values) ? (values as unknown[]) : []
  const isPing = name instanceof Uint8Array && Buffer.from(name).toString('latin1') === 'PING'
  if (isPing && host instanceof Uint8Array && salt instanceof Uint8Array && digest instanceof Uint8Array)
    return { host, salt, digest }
  throw new StreamError('unauthenticated', 'The sender does not prove that it has FLUENT_SHARED_KEY')
}

function tryDecode(bytes: Buffer): unknown {
  try {
    return decodeRaw(bytes)
  } catch {
    return undefined
  }
}

function isEqual(given: Uint8Array, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected))
}

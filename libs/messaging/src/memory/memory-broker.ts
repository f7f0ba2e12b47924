import { orAborted } from '@runnel/runtime'
import { BatchPump } from '../batch-pump.ts'
import { PublishRefusedError, PublishUnknownError } from '../publish-errors.ts'
import { logHandlerError } from '../log-handler-error.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type {
  Backlog,
  Broker,
  BrokerOptions,
  ConsumeOptions,
  Consumer,
  OutgoingMessage,
  StreamSpec,
} from '../ports.ts'
import { MemoryStream } from './memory-stream.ts'

/** Larger payloads are refused, as by a NATS server. */
const MAX_PAYLOAD_BYTES = 1_048_576

/**
 * A broker inside this process, for the standalone mode. It keeps what the ports promise except for durability: a caller
 * that needs that waits for the consumer's answer.
 */
export function createMemoryBroker(options: Pick<BrokerOptions, 'log' | 'isFull'>): Broker {
  return new MemoryBroker(options)
}

class MemoryBroker implements Broker {
  readonly #log: MessagingLog
  readonly #isFull: () => boolean
  readonly #streams = new Map<string, MemoryStream>()
  readonly #listeners = new Map<string, Set<(payload: Uint8Array) => void>>()
  readonly #closing = new AbortController()

  constructor({ log, isFull = () => false }: Pick<BrokerOptions, 'log' | 'isFull'>) {
    this.#log = log
    this.#isFull = isFull
  }

  async publish(message: OutgoingMessage): Promise<void> {
    if (this.#closing.signal.aborted) throw new PublishUnknownError('The broker is closed')
    if (message.payload.length > MAX_PAYLOAD_BYTES) throw new PublishRefusedError('too_large')
    if (this.#isFull()) throw new PublishRefusedError('disk_full')
    const stream = this.#streams.get(message.subject)
    if (stream === undefined) throw new PublishUnknownError('No stream takes messages of this subject')
    stream.add(message)
  }

  unreachableMs(): number {
    return 0
  }

  send(subject: string, payload: Uint8Array): void {
    if (this.#closing.signal.aborted) return
    for (const receive of this.#listeners.get(subject) ?? []) {
      setImmediate(() => {
        try {
          receive(payload)
        } catch (error) {
          this.#log.error({ subject, err: error }, 'A notice could not be handled')
        }
      })
    }
  }

  subscribe(subject: string, receive: (payload: Uint8Array) => void): () => void {
    const listeners = this.#listeners.get(subject) ?? new Set()
    this.#listeners.set(subject, listeners.add(receive))
    return () => {
      listeners.delete(receive)
      if (listeners.size === 0) this.#listeners.delete(subject)
    }
  }

  /** Nothing is ever missed. */
  onGap(): () => void {
    return () => undefined
  }

  async ensureStream(spec: StreamSpec): Promise<void> {
    const known = this.#streams.get(spec.subject)
    if (known === undefined) this.#streams.set(spec.subject, new MemoryStream(spec))
    else known.update(spec)
  }

  consumer(spec: StreamSpec): Consumer {
    const stream = this.#streams.get(spec.subject)
    if (stream === undefined) throw new Error(`Stream ${spec.stream} was not ensured`)
    return new MemoryConsumer(stream, spec, this.#log, this.#closing.signal)
  }

  connected(): boolean {
    return !this.#closing.signal.aborted
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const stream of this.#streams.values()) stream.close()
  }
}

class MemoryConsumer implements Consumer {
  readonly #stream: MemoryStream
  readonly #spec: StreamSpec
  readonly #log: MessagingLog
  readonly #closing: AbortSignal

  constructor(stream: MemoryStream, spec: StreamSpec, log: MessagingLog, closing: AbortSignal) {
    this.#stream = stream
    this.#spec = spec
    this.#log = log
    this.#closing = closing
  }

  async run(options: ConsumeOptions): Promise<void> {
    const stop = AbortSignal.any([options.signal, this.#closing])
    const pump = new BatchPump({
      ...options,
      keepAliveMs: this.#spec.ackWaitMs / 3,
      onFreeCapacity: () => this.#stream.dispatchSoon(),
      onHandlerError: logHandlerError(this.#log, this.#spec.stream, stop),
    })
    const detach = this.#stream.attach(pump)
    await orAborted(new Promise(() => undefined), stop)
    detach()
    await pump.stop()
  }

  async backlog(): Promise<Backlog> {
    return this.#stream.backlog()
  }
}

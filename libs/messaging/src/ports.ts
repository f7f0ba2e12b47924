/**
 * What Runnel needs of a broker. A driver is a folder beside this file and a line in connect-broker.ts; one contract suite
 * (test/broker-contract.ts) runs over every driver.
 *
 * The words used here (subject, stream, durable, delivery, ack wait, settled, ...) have one meaning in the whole
 * repository: docs/GLOSSARY.md.
 */
import type { BrokerAccess } from '@runnel/runtime'
import type { MessagingLog } from './messaging-log.ts'

/** A message on its way to the broker. */
export interface OutgoingMessage {
  readonly subject: string
  readonly payload: Uint8Array
  readonly headers: Readonly<Record<string, string>>
  /** The broker drops a second message with the same id (NATS 2.9: within 120 s, even when the first was consumed). */
  readonly messageId: string
}

export interface Publisher {
  /**
   * Resolves once the broker keeps the message durably. One attempt, no retry.
   *
   * @param timeoutMs how long to wait for the confirmation
   * @throws PublishRefusedError: the broker refused the message, it is not stored
   * @throws PublishUnknownError: no confirmation came; the message may be stored or not. Prompt when the broker is
   * unreachable.
   */
  publish(message: OutgoingMessage, timeoutMs: number): Promise<void>

  /** Milliseconds since the broker was last reachable; 0 while it is. */
  unreachableMs(): number

  /** Once a message is confirmed, its payload is read no more: its bytes may be used for another one. Default: false. */
  readonly copiesPayload?: boolean
}

/** Where a message stands in the order of its stream: by time, then by tie. */
export interface Position {
  /** When the broker stored the message, by the broker's clock: whole milliseconds since 1970. */
  readonly timeMs: number
  /** Rises with every message of the stream; decides between two of the same time. */
  readonly tie: number
  /** Names the life of the stream: another one where it was created again, so that ties start again. */
  readonly life?: string | undefined
}

/**
 * One delivery of a message to this process. Settling a settled message again does nothing.
 *
 * Not every broker numbers its messages or keeps the time of their arrival (AMQP does neither), so that two members may
 * be missing. This is what depends on them:
 *
 * - `identity`: the id of a raw event is made of it, so that a redelivery makes no second row. Without one, a redelivered
 *   raw event is recognised by its own key alone; one that has none may be stored twice.
 * - `position`: the time inside the id of a raw event, which is its `received_at`, and the version of a product that
 *   states none. Without one, both are the time at which the consumer first stored the event, so that two raw events of
 *   one product count in the order of consumption. The lag of the consumer is measured by `sentAtMs`, where that is known.
 *
 * Events that come in an envelope bring their ids along and need neither. Nor do the sweep of stuck queues and the byte
 * budget of a stream: both belong to the driver of NATS, which reads the state of the stream itself.
 */
export interface Message {
  readonly subject: string
  readonly payload: Uint8Array
  /** Header names are matched as they are written in `HEADERS` of @runnel/contracts. */
  header(name: string): string | undefined
  readonly stream: string
  /** Opaque. The same at every delivery of this message, and of no other message that this stream ever held. */
  readonly identity: string | undefined
  readonly position: Position | undefined
  /** When Runnel published it, by the clock of that process; only where there is no position. Good for a gauge, not for deciding. */
  readonly sentAtMs?: number | undefined
  /** 1 at the first delivery. */
  readonly deliveries: number

  /** Done: never delivered again. Resolves once the acknowledgement was sent; no answer is awaited. */
  ack(): void
  /** Not done: deliver it again, to any consumer of the durable, after a delay. */
  nak(delayMs: number): void
  /** Never deliver it again although it was not done. */
  term(reason: string): void
  /** Still being handled: the ack wait starts again. */
  inProgress(): void
}

/** When a batch is handed over: at the first limit that is reached. All three are needed. */
export interface BatchLimits {
  readonly maxMessages: number
  readonly maxBytes: number
  /** How long the first message of a batch may wait for others. */
  readonly lingerMs: number
}

export interface ConsumeOptions {
  readonly limits: BatchLimits
  /** Batches that may be handled at the same time. */
  readonly concurrency: number
  /** Ends the consuming: no new messages, batches in hand are finished, what was only buffered is naked at once. */
  readonly signal: AbortSignal
  /**
   * Settles every message of the batch. What it leaves unsettled when it throws is naked with `retryDelayMs`; what it
   * leaves unsettled when it returns is delivered again after the ack wait.
   */
  readonly handle: (batch: readonly Message[]) => Promise<void>
  readonly retryDelayMs: number
}

/**
 * What lies at the broker. AMQP reports neither the bytes of a queue nor what other processes hold, so that two members may be
 * missing. Nothing decides by them: they are gauges, which are left out then.
 */
export interface Backlog {
  /** Messages in the stream that no consumer holds. */
  readonly pending: number
  /** Messages that were delivered, to any process, and are not settled. */
  readonly ackPending: number | undefined
  /** Messages that the stream holds; without `ackPending` those that other processes hold are not among them. */
  readonly messages: number
  readonly bytes: number | undefined
}

/** The durable consumer of one stream, as seen by one process. */
export interface Consumer {
  /**
   * Hands out batches until the signal aborts; resolves when everything in hand is settled. Outages of the broker
   * are waited out, however long they take: it never throws because of one.
   */
  run(options: ConsumeOptions): Promise<void>

  /** @throws PublishUnknownError where the broker does not answer */
  backlog(): Promise<Backlog>
}

/** Fire-and-forget messages between the processes of an installation. May get lost; nothing may depend on them. */
export interface Notices {
  send(subject: string, payload: Uint8Array): void
  /** @returns a function that ends the subscription */
  subscribe(subject: string, receive: (payload: Uint8Array) => void): () => void
  /** Called whenever notices may have been missed: after every reconnect. @returns a function that ends it */
  onGap(listener: () => void): () => void
}

export interface StreamSpec {
  readonly stream: string
  readonly subject: string
  /** Where the broker has queues that a third party publishes to by name: the queue of Runnel's own publishes. */
  readonly queue: string
  readonly durable: string
  /** A publish by Runnel that would exceed this is refused, and any other where the broker keeps such limits. */
  readonly maxBytes: number
  readonly ackWaitMs: number
  /** Servers of a NATS cluster that keep the stream: it survives the loss of less than half of them. 0: as the stream is, 1 where it is made. */
  readonly replicas?: number
  /** Messages that may be delivered and unsettled at a time: over all processes; with AMQP for each process and queue. */
  readonly maxInFlight: number
}

/** A connection to a broker. Closing it drains: confirmations and acks on the way still arrive. */
export interface Broker extends Publisher, Notices {
  /**
   * Makes sure that stream and durable exist as specified, now and after every reconnect. Resolves when they do for
   * the first time; waits while the broker is unreachable, so that an app that has to start without one does not await it.
   *
   * @throws when the broker refuses the specification for good, or is closed
   */
  ensureStream(spec: StreamSpec): Promise<void>
  /** @param spec of a stream that was ensured on this connection */
  consumer(spec: StreamSpec): Consumer
  /** Whether there is a connection at this moment. A lost one is made again for as long as it takes. */
  connected(): boolean
  close(): Promise<void>
}

/** What every driver takes. */
export interface BrokerOptions {
  /** Of the app, as the server shows it in its list of connections. */
  readonly name: string
  readonly log: MessagingLog
  /** How to log in, beside what the URL says, and whom to trust. */
  readonly access?: BrokerAccess
  /** Of the memory driver alone: whether what stores its messages has no room, so that it takes none. */
  readonly isFull?: () => boolean
  /** How long to wait for the first connection before going on without one. */
  readonly firstConnectMs?: number
  /** Called with messages that the server had stopped delivering and that are delivered again, for a metric. */
  readonly onSweep?: (swept: SweptMessages) => void
}

export interface SweptMessages {
  readonly stream: string
  readonly messages: number
}

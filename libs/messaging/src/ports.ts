/**
 * What Runnel needs of a broker. Drivers: `nats` (JetStream) and `memory`. One contract suite runs over both.
 *
 * Glossary. Subject: where a message is published to. Stream: the work queue that keeps what was published to a
 * subject until it is acked. Durable: the named consumer of a stream that all processes share; each message goes to
 * one of them at a time. Ack wait: how long a message may stay unsettled before it is delivered again. Settled: acked,
 * naked or terminated.
 */

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
   * @throws PublishRefusedError: the broker said no, the message is not stored
   * @throws PublishUnknownError: no confirmation came; the message may be stored or not. Prompt when the broker is away.
   */
  publish(message: OutgoingMessage, timeoutMs: number): Promise<void>

  /** Milliseconds since the broker was last reachable; 0 while it is. */
  awayMs(): number
}

/** A message that was delivered to this process. Settling a settled message again does nothing. */
export interface Message {
  readonly subject: string
  readonly payload: Uint8Array
  /** Header names are matched as they are written in `HEADERS` of @runnel/contracts. */
  header(name: string): string | undefined
  readonly stream: string
  /** Rises by one with every message of the stream. */
  readonly sequence: number
  /** When the broker stored it: nanoseconds since 1970. */
  readonly timestampNs: bigint
  /** 1 at the first delivery. */
  readonly deliveries: number

  /** Done: never delivered again. Resolves once the acknowledgement was sent; no answer is awaited. */
  ack(): void
  /** Not done: deliver it again, to anybody, after a delay. */
  nak(delayMs: number): void
  /** Never deliver it again although it was not done. */
  term(reason: string): void
  /** Still at it: the ack wait starts anew. */
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

export interface Backlog {
  /** Messages in the stream that no consumer was given yet. */
  readonly pending: number
  /** Messages that were delivered and are not settled. */
  readonly ackPending: number
  /** Messages that the stream holds, and their size. */
  readonly messages: number
  readonly bytes: number
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
  readonly durable: string
  /** A publish of ours that would exceed this is refused, and any other where the broker keeps such limits. */
  readonly maxBytes: number
  readonly ackWaitMs: number
  /** Messages that may be delivered and unsettled at a time, over all processes. */
  readonly maxInFlight: number
}

/** A connection to a broker. Closing it drains: confirmations and acks on the way still arrive. */
export interface Broker extends Publisher, Notices {
  /**
   * Makes sure that stream and durable exist as specified, now and after every reconnect. Resolves when they do for
   * the first time; waits while the broker is away, so that an app that has to start without one does not await it.
   *
   * @throws when the broker refuses the specification for good, or is closed
   */
  ensureStream(spec: StreamSpec): Promise<void>
  /** @param spec of a stream that was ensured on this connection */
  consumer(spec: StreamSpec): Consumer
  /** Whether the connection stands at this moment. */
  connected(): boolean
  /**
   * Rejects when the connection is lost for good (the drivers here never give up); it never resolves before close().
   */
  closed(): Promise<void>
  close(): Promise<void>
}

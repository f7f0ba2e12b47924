import { randomUUID } from 'node:crypto'
import type { MessagingLog } from '../src/messaging-log.ts'
import type { Broker, ConsumeOptions, Message, OutgoingMessage, StreamSpec } from '../src/ports.ts'

/** Keeps what is logged, so that a failing test can show it. */
export function memoryLog(): MessagingLog & { readonly lines: string[] } {
  const lines: string[] = []
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
  }
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

export function aSpec(changes: Partial<StreamSpec> = {}): StreamSpec {
  const id = `t${randomUUID().slice(0, 8)}`
  return {
    stream: `${id}_logs`,
    subject: `${id}.logs`,
    queue: `${id}.runnel.logs`,
    durable: `${id}_logs_consumer`,
    maxBytes: 1_000_000,
    ackWaitMs: 30_000,
    maxInFlight: 1_000,
    ...changes,
  }
}

export function aMessage(
  spec: StreamSpec,
  text: string,
  changes: Partial<OutgoingMessage> = {},
): OutgoingMessage {
  return {
    subject: spec.subject,
    payload: Buffer.from(text),
    headers: {},
    messageId: randomUUID(),
    ...changes,
  }
}

export async function publishAll(broker: Broker, spec: StreamSpec, texts: readonly string[]): Promise<void> {
  for (const text of texts) await broker.publish(aMessage(spec, text), 5_000)
}

export function textOf(message: Message): string {
  return Buffer.from(message.payload).toString()
}

export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `m${i}`)
}

export interface Running {
  /** Every delivery in the order of the handler, as text. */
  readonly seen: string[]
  readonly stop: () => Promise<void>
}

/** Runs a consumer that acks everything, or does what `handle` says. */
export function consume(broker: Broker, spec: StreamSpec, changes: Partial<ConsumeOptions> = {}): Running {
  const stopping = new AbortController()
  const seen: string[] = []
  const handle = changes.handle ?? (async (batch) => batch.forEach((message) => message.ack()))
  const running = broker.consumer(spec).run({
    limits: { maxMessages: 10, maxBytes: 100_000, lingerMs: 5 },
    concurrency: 1,
    retryDelayMs: 20,
    signal: stopping.signal,
    ...changes,
    handle: async (batch) => {
      for (const message of batch) seen.push(textOf(message))
      await handle(batch)
    },
  })
  return {
    seen,
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

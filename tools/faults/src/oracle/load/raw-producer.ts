import type { Kind } from '@runnel/contracts'
import type { Outcome } from './judge-answer.ts'

/** What the queues of a run hold. */
export interface QueueStates {
  /** Delivered ones that are not settled included. */
  readonly messages: number
  /** How often the broker has delivered something again, at least. */
  readonly redeliveries: number
  /** For people. */
  readonly text: string
}

/** A third-party producer, as a client of the broker itself; and its look at the queues. */
export interface RawProducer extends AsyncDisposable {
  /** One attempt, under an id by which a repeat of it is recognised. @param headers beside the id */
  publish(
    kind: Kind,
    body: Uint8Array,
    messageId: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Outcome>
  /** @throws where the broker is unreachable */
  readQueues(): Promise<QueueStates>
  /** Notes what the server forgets when it ends. */
  beforeKill(): Promise<void>
}

/** @param isDuplicate where the broker says so */
export function confirmed(isDuplicate = false): Outcome {
  return { what: `confirmed${isDuplicate ? ' duplicate' : ''}`, accepted: 'all', deadLettered: false }
}

export function unconfirmed(error: unknown): Outcome {
  return { what: `publish: ${(error as Error).message}`, accepted: 'none', deadLettered: false }
}

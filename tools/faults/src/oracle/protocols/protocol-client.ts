import type { JsonObject, Kind } from '@runnel/contracts'
import type { Outcome } from '../load/judge-answer.ts'

/** An event that a client sends. */
export interface ProtocolEvent {
  readonly id: string
  /** Its number; its time goes by it. */
  readonly seq: number
  /** It is to be refused, and its neighbours are to be taken. */
  readonly isMalformed: boolean
}

/** An answer as it was received. */
export interface ProtocolAnswer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
}

/** How clients of a standard protocol send events, and what they make of the answers. */
export interface ProtocolClient {
  readonly kind: Kind
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Whether events that an answer leaves open are sent again without those that it settled; else the same bytes are. */
  readonly sendsOpenAlone?: true
  /** @returns the body of a request: always the same bytes for the same events */
  encode(events: readonly ProtocolEvent[]): string | Uint8Array<ArrayBuffer>
  /** @returns what has to be stored of a well-formed event */
  toStored(event: Pick<ProtocolEvent, 'id' | 'seq'>): JsonObject
  judge(answer: ProtocolAnswer, events: readonly ProtocolEvent[]): Outcome
}

const FIRST_MS = Date.UTC(2026, 0, 1)

/** When an event was: a millisecond of its own. */
export function timeMsOf({ seq }: Pick<ProtocolEvent, 'seq'>): number {
  return FIRST_MS + seq
}

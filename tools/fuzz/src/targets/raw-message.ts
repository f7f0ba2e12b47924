import type { Message } from '@runnel/messaging'

/** What any client of the broker may publish. */
export interface RawMessage {
  readonly payload: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** As a driver delivers it. */
export function toMessage({ payload, headers }: RawMessage): Message {
  return {
    subject: 'logs',
    payload,
    header: (name) => headers[name],
    stream: 'logs',
    identity: '1',
    position: { timeMs: Date.now(), tie: 1 },
    deliveries: 1,
    ack() {},
    nak() {},
    term() {},
    inProgress() {},
  }
}

import type { NatsConnection, Subscription } from 'nats'
import type { MessagingLog } from '../messaging-log.ts'
import type { Notices } from '../ports.ts'
import { isPublishable } from '../is-publishable.ts'
import type { Link } from './link.ts'

interface Listening {
  readonly subject: string
  readonly receive: (payload: Uint8Array) => void
  subscription: Subscription | undefined
}

/** Core NATS messages. Subscriptions outlive connections; gap listeners are called after each one that was lost. */
export class NatsNotices implements Notices {
  readonly #link: Link
  readonly #log: MessagingLog
  readonly #listening = new Set<Listening>()
  readonly #gaps = new Set<() => void>()

  constructor(link: Link, log: MessagingLog) {
    this.#link = link
    this.#log = log
    link.onUp((nc) => {
      for (const listening of this.#listening) this.#attach(nc, listening)
      // Also at a first connection that came late: what was sent before it is missed as well.
      for (const listener of this.#gaps) listener()
    })
  }

  send(subject: string, payload: Uint8Array): void {
    if (!isPublishable(subject)) {
      this.#log.warn({ subject: subject.slice(0, 100) }, 'A notice was not sent: its subject is malformed')
      return
    }
    try {
      this.#link.connection?.publish(subject, payload)
    } catch (error) {
      this.#log.debug({ subject, err: error }, 'A notice was not sent')
    }
  }

  subscribe(subject: string, receive: (payload: Uint8Array) => void): () => void {
    const listening: Listening = { subject, receive, subscription: undefined }
    this.#listening.add(listening)
    if (this.#link.connection !== undefined) this.#attach(this.#link.connection, listening)
    return () => {
      this.#listening.delete(listening)
      listening.subscription?.unsubscribe()
    }
  }

  onGap(listener: () => void): () => void {
    this.#gaps.add(listener)
    return () => this.#gaps.delete(listener)
  }

  #attach(nc: NatsConnection, listening: Listening): void {
    listening.subscription = nc.subscribe(listening.subject, {
      callback: (error, msg) => {
        if (error !== null) {
          this.#log.error({ subject: listening.subject, err: error }, 'Notices cannot be received')
          return
        }
        // An exception in a callback would end the client's reading.
        try {
          listening.receive(msg.data)
        } catch (error) {
          this.#log.error({ subject: listening.subject, err: error }, 'A notice could not be handled')
        }
      },
    })
  }
}

import { Readable } from 'node:stream'

/** Says to a browser when to come back, and that the stream is open. */
const GREETING = 'retry: 2000\n\n'
/** A comment: no event, but bytes on the connection. */
const HEARTBEAT = ':\n\n'

/** @param data JSON on one line, as JSON.stringify writes it. @param id what a client resumes by */
export function formatEvent(event: string, data: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`
}

/**
 * The server-sent events of one client. It sends one piece each time that the client takes more: what the client does not
 * take stays in the subclass, which bounds it.
 */
export abstract class EventStream extends Readable {
  #wanting = false
  #held = false
  #greeted = false
  #ending = false

  /** @returns what waits, as the text of whole events; undefined where nothing does */
  protected abstract takeWaiting(): string | Buffer | undefined

  /** Whether the client has taken everything. */
  get idle(): boolean {
    return this.#wanting
  }

  /** Sends a comment, if the client takes anything at all. */
  heartbeat(): void {
    if (this.#wanting && !this.#held) this.#send(HEARTBEAT)
  }

  /** Nothing is sent until `endHold`, not even the greeting: until then the request may still fail with a problem. */
  hold(): void {
    this.#held = true
  }

  /** Ends once what waits was taken. */
  finish(): void {
    this.#ending = true
    this.endHold()
  }

  protected endHold(): void {
    this.#held = false
    this.sendWaiting()
  }

  /** Call whenever something new waits. */
  protected sendWaiting(): void {
    if (!this.#wanting || this.#held) return
    if (!this.#greeted) {
      this.#greeted = true
      return this.#send(GREETING)
    }
    const waiting = this.takeWaiting()
    if (waiting !== undefined) this.#send(waiting)
    else if (this.#ending) this.#send(null)
  }

  override _read(): void {
    this.#wanting = true
    this.sendWaiting()
  }

  #send(piece: string | Buffer | null): void {
    this.#wanting = false
    this.push(piece)
  }
}

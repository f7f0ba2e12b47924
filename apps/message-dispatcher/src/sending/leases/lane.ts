import type { QueuedMessage, Work } from './work.ts'

/** Messages that were taken are removed from the array once they are this many. */
const SLACK = 1024

/** Messages of one mailing that wait in the order in which they came; its retries wait in a lane of their own. */
export class Lane {
  /** What the lane has cost so far: the one that has cost least is next. */
  cost = 0
  #messages: QueuedMessage[] = []
  #head = 0

  get length(): number {
    return this.#messages.length - this.#head
  }

  /** Of its first message. */
  get work(): Work | undefined {
    return this.#messages[this.#head]?.work
  }

  push(message: QueuedMessage): void {
    this.#messages.push(message)
  }

  shift(): QueuedMessage | undefined {
    const message = this.#messages[this.#head]
    if (!message) return undefined
    this.#head += 1
    if (this.#head >= SLACK) {
      this.#messages = this.#messages.slice(this.#head)
      this.#head = 0
    }
    return message
  }

  /** Removes all messages of a piece of work. */
  drop(work: Work): QueuedMessage[] {
    const waiting = this.#messages.slice(this.#head)
    this.#messages = waiting.filter((message) => message.work !== work)
    this.#head = 0
    return waiting.filter((message) => message.work === work)
  }

  works(): Set<Work> {
    return new Set(this.#messages.slice(this.#head).map(({ work }) => work))
  }
}

import type { QueuedMessage, Work } from './work.ts'

/** Begun messages in the order in which they are sent. Those of a chunk stay in the order of their ids. */
export interface MessageQueue {
  readonly length: number
  push(messages: readonly QueuedMessage[]): void
  shift(): QueuedMessage | undefined
  /** Removes all messages of a piece of work. */
  drop(work: Work): readonly QueuedMessage[]
  /** The work that has messages in the queue. */
  works(): Set<Work>
}

/** Messages that were taken are removed from the array once they are this many. */
const SLACK = 1024

export function createMessageQueue(): MessageQueue {
  let messages: QueuedMessage[] = []
  let head = 0
  return {
    get length() {
      return messages.length - head
    },
    push(more) {
      for (const message of more) {
        message.work.queued += 1
        messages.push(message)
      }
    },
    shift() {
      const message = messages[head]
      if (!message) return undefined
      head += 1
      if (head >= SLACK) {
        messages = messages.slice(head)
        head = 0
      }
      message.work.queued -= 1
      return message
    },
    drop(work) {
      const dropped: QueuedMessage[] = []
      const kept: QueuedMessage[] = []
      for (let i = head; i < messages.length; i++) {
        const message = messages[i]!
        if (message.work === work) dropped.push(message)
        else kept.push(message)
      }
      messages = kept
      head = 0
      work.queued = 0
      return dropped
    },
    works() {
      return new Set(messages.slice(head).map(({ work }) => work))
    },
  }
}

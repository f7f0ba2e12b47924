import { Lane } from './lane.ts'
import type { QueuedMessage, Work } from './work.ts'

/**
 * Begun messages that wait to be sent. Mailings take turns by what they cost, in milliseconds of this process, so that one whose texts
 * are slow to render takes no more of it than others. Those of a chunk stay in the order of their ids.
 */
export interface MessageQueue {
  readonly length: number
  push(messages: readonly QueuedMessage[]): void
  /** @param mayTake whether a message of this work may be sent now @returns undefined where none may */
  shift(mayTake: (work: Work) => boolean): QueuedMessage | undefined
  /** A message that was taken has cost more than others do. */
  charge(work: Work, ms: number): void
  /** @returns fresh messages of a mailing */
  lengthOf(mailingId: number): number
  /** Removes all messages of a piece of work. */
  drop(work: Work): readonly QueuedMessage[]
  /** The work that has messages in the queue. */
  works(): Set<Work>
}

/** What a message costs in any case, in milliseconds. */
const MESSAGE_MS = 0.1

/** With more lanes than this, the empty ones are forgotten, and what they have cost. */
const MAX_LANES = 1000

export function createMessageQueue(): MessageQueue {
  const lanes = new Map<string, Lane>()
  /** The cost of the lane that was taken from last: one that was empty goes on from there, for it has no claim on the past. */
  let costNow = 0
  let length = 0

  const laneOf = (work: Work): Lane => {
    const key = keyOf(work)
    const lane = lanes.get(key) ?? new Lane()
    if (lane.length === 0) lane.cost = Math.max(lane.cost, costNow)
    if (lanes.size >= MAX_LANES) forgetEmpty()
    lanes.set(key, lane)
    return lane
  }

  const forgetEmpty = () => {
    for (const [key, lane] of lanes) if (lane.length === 0) lanes.delete(key)
  }

  const next = (mayTake: (work: Work) => boolean): Lane | undefined => {
    let least: Lane | undefined
    for (const lane of lanes.values())
      if ((!least || lane.cost < least.cost) && lane.work && mayTake(lane.work)) least = lane
    return least
  }

  return {
    get length() {
      return length
    },
    push(messages) {
      for (const message of messages) {
        message.work.queued += 1
        laneOf(message.work).push(message)
      }
      length += messages.length
    },
    shift(mayTake) {
      const lane = next(mayTake)
      const message = lane?.shift()
      if (!lane || !message) return undefined
      costNow = lane.cost
      lane.cost += MESSAGE_MS
      length -= 1
      message.work.queued -= 1
      return message
    },
    charge(work, ms) {
      const lane = lanes.get(keyOf(work))
      if (lane) lane.cost += ms
    },
    lengthOf: (mailingId) => lanes.get(String(mailingId))?.length ?? 0,
    drop(work) {
      const dropped = lanes.get(keyOf(work))?.drop(work) ?? []
      length -= dropped.length
      work.queued = 0
      return dropped
    },
    works() {
      return new Set([...lanes.values()].flatMap((lane) => [...lane.works()]))
    },
  }
}

function keyOf({ mailingId, chunk }: Work): string {
  return chunk ? String(mailingId) : `${mailingId} again`
}

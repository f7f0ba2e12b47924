import { describe, expect, it } from '@jest/globals'
import { createMessageQueue } from './message-queue.ts'
import type { QueuedMessage, Work } from './work.ts'

const workOf = (mailingId: number, isRetry = false) =>
  ({ mailingId, chunk: isRetry ? undefined : {}, queued: 0 }) as unknown as Work
const messagesOf = (work: Work, count: number, from = 1) =>
  Array.from({ length: count }, (_, i) => ({ work, recipient: { messageId: from + i } }) as QueuedMessage)
const any = () => true

describe('the queue', () => {
  it('takes turns between mailings and keeps the order of each', () => {
    const queue = createMessageQueue()
    const [a, b] = [workOf(1), workOf(2)]
    queue.push(messagesOf(a, 100))
    queue.push(messagesOf(b, 3, 201))
    const taken = Array.from({ length: 6 }, () => queue.shift(any)!.recipient.messageId)
    expect([...taken].sort((x, y) => x - y)).toEqual([1, 2, 3, 201, 202, 203])
    expect(taken.filter((id) => id < 200)).toEqual([1, 2, 3])
    expect([queue.length, queue.lengthOf(1), queue.lengthOf(2), a.queued, b.queued]).toEqual([
      97, 97, 0, 97, 0,
    ])
  })

  it('lets one that costs more wait until the others have cost as much', () => {
    const queue = createMessageQueue()
    const [slow, quick] = [workOf(1), workOf(2)]
    queue.push(messagesOf(slow, 100))
    queue.push(messagesOf(quick, 500))
    let slowOnes = 0
    for (let n = 0; n < 300; n++) {
      const { work } = queue.shift(any)!
      if (work !== slow) continue
      slowOnes += 1
      // Ten milliseconds beside a tenth of one.
      queue.charge(work, 10)
    }
    expect(slowOnes).toBeLessThanOrEqual(4)
  })

  it('gives one that comes later no claim on the time before', () => {
    const queue = createMessageQueue()
    const [early, late] = [workOf(1), workOf(2)]
    queue.push(messagesOf(early, 1000))
    for (let n = 0; n < 500; n++) queue.shift(any)
    queue.push(messagesOf(late, 100))
    const next = Array.from({ length: 20 }, () => queue.shift(any)!.work)
    expect(next.filter((work) => work === late).length).toBeLessThanOrEqual(11)
  })

  it('passes over what may not be taken now, and returns nothing where nothing may', () => {
    const queue = createMessageQueue()
    const [a, again] = [workOf(1), workOf(1, true)]
    queue.push(messagesOf(a, 2))
    queue.push(messagesOf(again, 2, 101))
    expect(queue.shift((work) => work === again)!.recipient.messageId).toBe(101)
    expect(queue.shift(() => false)).toBeUndefined()
    expect(queue.length).toBe(3)
  })

  it('drops the messages of one piece of work alone', () => {
    const queue = createMessageQueue()
    const [first, second] = [workOf(1), workOf(1)]
    queue.push([...messagesOf(first, 2), ...messagesOf(second, 2, 101)])
    expect(queue.drop(first).map(({ recipient }) => recipient.messageId)).toEqual([1, 2])
    expect([queue.length, first.queued, [...queue.works()]]).toEqual([2, 0, [second]])
    expect(queue.shift(any)!.recipient.messageId).toBe(101)
  })
})

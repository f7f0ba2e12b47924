import { expect, test } from '@jest/globals'
import { StallWatch } from './stall-watch.ts'

const ACK_WAIT_MS = 2_000
const STALL_MS = 3 * ACK_WAIT_MS

const aStream = (messages: number, firstSeq = 1, created = 'a') => ({
  created,
  state: { messages, first_seq: firstSeq },
})
const aDurable = (pending = 0, created = 'a') => ({ created, num_pending: pending })

test('finds a queue whose oldest message stays for three ack waits, and how many were delivered before', () => {
  const watch = new StallWatch(ACK_WAIT_MS)
  expect(watch.check(aStream(5), aDurable(2), 0)).toBe(0)
  expect(watch.check(aStream(5), aDurable(2), STALL_MS - 1)).toBe(0)
  expect(watch.check(aStream(9), aDurable(6), STALL_MS)).toBe(3)
})

test('finds messages that were never delivered too', () => {
  const watch = new StallWatch(ACK_WAIT_MS)
  watch.check(aStream(5), aDurable(5), 0)
  expect(watch.check(aStream(5), aDurable(5), STALL_MS)).toBe(1)
})

test('finds nothing in an empty queue, nor in one whose oldest message goes', () => {
  const watch = new StallWatch(ACK_WAIT_MS)
  for (let at = 0; at < 10 * STALL_MS; at += STALL_MS) {
    expect(watch.check(aStream(0), aDurable(), at)).toBe(0)
  }
  for (let seq = 1; seq < 10; seq++) {
    expect(watch.check(aStream(100, seq), aDurable(), (10 + seq) * STALL_MS)).toBe(0)
  }
})

test.each([
  ['the queue was empty in between', (watch: StallWatch) => watch.check(aStream(0), aDurable(), 1)],
  ['this process was busy', (watch: StallWatch) => watch.forget()],
  ['the durable was created again', (watch: StallWatch) => watch.check(aStream(5), aDurable(0, 'b'), 1)],
  ['the stream was created again', (watch: StallWatch) => watch.check(aStream(5, 1, 'b'), aDurable(), 1)],
])('starts the time again when %s', (_title, happens) => {
  const watch = new StallWatch(ACK_WAIT_MS)
  watch.check(aStream(5), aDurable(), 0)
  happens(watch)
  expect(watch.check(aStream(5), aDurable(), STALL_MS)).toBe(0)
  expect(watch.check(aStream(5), aDurable(), 2 * STALL_MS)).toBe(5)
})

test('waits twice as long each time that it did not help, and as long as at first for another message', () => {
  const watch = new StallWatch(ACK_WAIT_MS)
  const foundAfterMs = (firstSeq: number) => {
    for (let at = 0; ; at += STALL_MS) {
      if (watch.check(aStream(5, firstSeq), aDurable(), at) > 0) return at
    }
  }
  expect([foundAfterMs(1), foundAfterMs(1), foundAfterMs(1), foundAfterMs(2)]).toEqual([
    STALL_MS,
    2 * STALL_MS,
    4 * STALL_MS,
    STALL_MS,
  ])
})

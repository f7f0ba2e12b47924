import { afterEach, describe, expect, test } from '@jest/globals'
import { HEADERS, createEventIds } from '@runnel/contracts'
import { eventually } from '@runnel/testing'
import { encodeEvent } from './envelope.ts'
import { PublishRefusedError, PublishUnknownError } from './publish-errors.ts'
import { createGroupCommit } from './group-commit.ts'
import type { GroupCommit, GroupCommitOptions } from './group-commit-options.ts'
import type { OutgoingMessage, Publisher } from './ports.ts'

/** A broker that answers when and how a test says. */
class ScriptedPublisher implements Publisher {
  readonly attempts: { message: OutgoingMessage; confirm: () => void; fail: (error: Error) => void }[] = []
  silentMs = 0
  /** Answers every publish at once, when it is set. */
  answer: ((message: OutgoingMessage) => Error | undefined) | undefined

  publish(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const asSent = { ...message, payload: Buffer.from(message.payload) }
      this.attempts.push({ message: asSent, confirm: resolve, fail: reject })
      const answer = this.answer
      if (answer === undefined) return
      const error = answer(message)
      if (error === undefined) resolve()
      else reject(error)
    })
  }

  unreachableMs(): number {
    return this.silentMs
  }

  get messages(): OutgoingMessage[] {
    return this.attempts.map((attempt) => attempt.message)
  }
}

const nextId = createEventIds()

function event(text = 'x'): string {
  return encodeEvent(nextId(), JSON.stringify(text))
}

function events(count: number): string[] {
  return Array.from({ length: count }, (_, i) => event(`e${i}`))
}

function countOf(message: OutgoingMessage | undefined): number {
  return Number(message?.headers[HEADERS.count])
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const errorOf = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error)

describe('group commit', () => {
  let publisher = new ScriptedPublisher()
  const commits: GroupCommit[] = []

  const create = (limits: GroupCommitOptions['limits'] = {}, changes: Partial<GroupCommitOptions> = {}) => {
    publisher = new ScriptedPublisher()
    let ids = 0
    const commit = createGroupCommit({
      publisher,
      subject: 'logs',
      nextMessageId: () => `id${ids++}`,
      limits: { maxDelayMs: 10_000, ...limits },
      ...changes,
    })
    commits.push(commit)
    return commit
  }

  afterEach(async () => {
    publisher.answer = () => undefined
    for (const attempt of publisher.attempts) attempt.confirm()
    await Promise.all(commits.splice(0).map((commit) => commit.close()))
  })

  test('publishes a lone event within the same turn of the event loop', async () => {
    const commit = create()
    const text = event()
    const submitted = commit.submit([text])
    await turn()
    expect(publisher.messages).toHaveLength(1)
    const message = publisher.messages[0]!
    expect(message).toMatchObject({ subject: 'logs', messageId: 'id0' })
    expect(message.headers).toEqual({ [HEADERS.envelope]: '1', [HEADERS.count]: '1' })
    const payload = Buffer.from(message.payload).toString()
    expect(payload).toBe(`{"events":[${text}]}`)
    publisher.attempts[0]!.confirm()
    expect(await submitted).toEqual({ accepted: 1 })
  })

  test('names the reply subject and further headers', async () => {
    const commit = create({}, { replyTo: 'inbox.1', headers: { A: 'b' } })
    void errorOf(commit.submit([event()]))
    await turn()
    expect(publisher.messages[0]!.headers).toMatchObject({ [HEADERS.replyTo]: 'inbox.1', A: 'b' })
  })

  test('puts the events of one turn into one envelope', async () => {
    const commit = create()
    const submitted = Promise.all([
      commit.submit([event()]),
      commit.submit([event()]),
      commit.submit([event()]),
    ])
    await turn()
    expect(publisher.messages.map(countOf)).toEqual([3])
    publisher.attempts[0]!.confirm()
    expect(await submitted).toEqual([{ accepted: 1 }, { accepted: 1 }, { accepted: 1 }])
  })

  test('collects while an envelope is in flight, and publishes on its confirmation', async () => {
    const commit = create()
    void commit.submit([event()])
    await turn()
    void commit.submit([event()])
    void commit.submit([event()])
    await turn()
    expect(publisher.messages).toHaveLength(1)
    publisher.attempts[0]!.confirm()
    await eventually(() => publisher.messages.length === 2)
    expect(countOf(publisher.messages[1])).toBe(2)
  })

  test('publishes a second envelope when the first has collected for the longest delay', async () => {
    const commit = create({ maxDelayMs: 5 })
    void commit.submit([event()])
    await turn()
    void commit.submit([event()])
    await eventually(() => publisher.messages.length === 2)
    expect(commit.stats().inFlight).toBe(2)
  })

  test('closes an envelope at its number of events', async () => {
    const commit = create({ maxEvents: 3 })
    void commit.submit([event()])
    await turn()
    for (let i = 0; i < 7; i++) void commit.submit([event()])
    expect(publisher.messages.map(countOf)).toEqual([1, 3, 3])
    expect(commit.stats()).toMatchObject({ inFlight: 3, queuedEvents: 1 })
  })

  test('closes an envelope at its number of bytes, and gives a larger event one of its own', async () => {
    const commit = create({ maxBytes: 1_000 })
    void commit.submit([event()])
    await turn()
    void commit.submit([event('a'.repeat(600))])
    void commit.submit([event('b'.repeat(600))])
    void commit.submit([event('c'.repeat(2_000))])
    await turn()
    expect(publisher.messages.map(countOf)).toEqual([1, 1, 1, 1])
    expect(publisher.messages.map((message) => Math.round(message.payload.length / 1_000))).toEqual([
      0, 1, 1, 2,
    ])
  })

  test('has no more envelopes in flight than its limit', async () => {
    const commit = create({ maxEvents: 1, maxInFlight: 2 })
    const submitted = Promise.all(events(5).map((text) => commit.submit([text])))
    await turn()
    expect(commit.stats()).toMatchObject({ inFlight: 2, queuedEvents: 3 })
    expect(publisher.messages).toHaveLength(2)
    publisher.attempts[0]!.confirm()
    await eventually(() => publisher.messages.length === 3)
    publisher.answer = () => undefined
    publisher.attempts.forEach((attempt) => attempt.confirm())
    await submitted
    expect(commit.stats()).toMatchObject({ inFlight: 0, queuedEvents: 0, queuedBytes: 0, publishedEvents: 5 })
  })

  test('fails exactly the callers whose envelope failed', async () => {
    const commit = create({ maxEvents: 2 })
    const answers = events(6).map((text) => errorOf(commit.submit([text])))
    await turn()
    publisher.attempts[0]!.confirm()
    publisher.attempts[1]!.fail(new PublishRefusedError('full'))
    publisher.attempts[2]!.confirm()
    const errors = await Promise.all(answers)
    expect(errors.map((error) => (error as { code?: string } | undefined)?.code)).toEqual([
      undefined,
      undefined,
      'backlog_full',
      'backlog_full',
      undefined,
      undefined,
    ])
  })

  test('publishes the same bytes under the same id again while the outcome is unknown', async () => {
    const commit = create()
    let failures = 2
    publisher.answer = () => (failures-- > 0 ? new PublishUnknownError('lost') : undefined)
    expect(await commit.submit(events(2))).toEqual({ accepted: 2 })
    expect(publisher.messages).toHaveLength(3)
    const [first, ...repeats] = publisher.messages
    for (const repeat of repeats) {
      expect(repeat.messageId).toBe(first!.messageId)
      expect(Buffer.compare(repeat.payload, first!.payload)).toBe(0)
      expect(repeat.headers).toEqual(first!.headers)
    }
    expect(commit.stats()).toMatchObject({ republished: 2, published: 1 })
  })

  test('gives up at the deadline of the request, with a time to come back', async () => {
    const commit = create()
    publisher.answer = () => new PublishUnknownError('lost')
    expect(await errorOf(commit.submit([event()], 150))).toMatchObject({
      code: 'broker_unavailable',
      details: { retryAfterMs: 1_000 },
    })
    expect(publisher.messages.length).toBeGreaterThan(1)
  })

  test('answers each caller at its own deadline, and the others when the envelope is confirmed', async () => {
    const commit = create()
    const hasty = errorOf(commit.submit([event()], 60))
    const patient = commit.submit([event()], 5_000)
    expect(await hasty).toMatchObject({ code: 'broker_unavailable' })
    publisher.attempts[0]!.confirm()
    expect(await patient).toEqual({ accepted: 1 })
  })

  test('never publishes what no caller waits for any more', async () => {
    const commit = create({ maxEvents: 1, maxInFlight: 1 })
    const answers = events(3).map((text) => errorOf(commit.submit([text], 60)))
    await Promise.all(answers)
    await eventually(() => commit.stats().queuedEvents === 0)
    publisher.attempts[0]!.confirm()
    await eventually(() => commit.stats().inFlight === 0)
    expect(publisher.messages).toHaveLength(1)
    expect(commit.stats().queuedBytes).toBe(0)
  })

  test('refuses as busy what its queue cannot hold, in events or in bytes', async () => {
    for (const limits of [{ maxQueuedEvents: 2 }, { maxQueuedBytes: 150 }]) {
      const commit = create({ ...limits, maxInFlight: 1 })
      void commit.submit([event()])
      await turn()
      void commit.submit([event()])
      void commit.submit([event()])
      expect(await errorOf(commit.submit([event()]))).toMatchObject({
        code: 'too_busy',
        details: { retryAfterMs: 1_000 },
      })
      publisher.answer = () => undefined
      publisher.attempts[0]!.confirm()
      await eventually(() => commit.stats().queuedEvents === 0)
      expect(await commit.submit([event()])).toEqual({ accepted: 1 })
    }
  })

  test('refuses at once while the broker is unreachable', async () => {
    const commit = create()
    publisher.silentMs = 1_001
    expect(await errorOf(commit.submit([event()]))).toMatchObject({ code: 'broker_unavailable' })
    expect(publisher.messages).toHaveLength(0)
    publisher.silentMs = 0
    publisher.answer = () => undefined
    expect(await commit.submit([event()])).toEqual({ accepted: 1 })
  })

  test('refuses an event that the broker could not carry', async () => {
    const commit = create({ maxEventBytes: 100 })
    expect(await errorOf(commit.submit([event(), event('x'.repeat(100))]))).toMatchObject({
      code: 'body_too_large',
      details: { extra: { index: 1 } },
    })
  })

  test('resolves a batch when all its envelopes are confirmed', async () => {
    const commit = create({ maxEvents: 2 })
    let done = false
    const submitted = commit.submit(events(5)).finally(() => (done = true))
    await eventually(() => publisher.attempts.length === 2)
    publisher.attempts[0]!.confirm()
    publisher.attempts[1]!.confirm()
    await eventually(() => publisher.attempts.length === 3)
    expect(done).toBe(false)
    publisher.attempts[2]!.confirm()
    expect(await submitted).toEqual({ accepted: 5 })
    expect(publisher.messages.map(countOf)).toEqual([2, 2, 1])
  })

  test('names the accepted events of a batch when one of its envelopes failed', async () => {
    const commit = create({ maxEvents: 2 })
    const failed = errorOf(commit.submit(events(6)))
    await eventually(() => publisher.attempts.length === 3)
    publisher.attempts[2]!.confirm()
    publisher.attempts[1]!.fail(new PublishRefusedError('full'))
    publisher.attempts[0]!.confirm()
    expect(await failed).toMatchObject({
      code: 'partly_accepted',
      details: { extra: { accepted: [0, 1, 4, 5] }, retryAfterMs: 1_000 },
    })
  })

  test('names the accepted events of a batch when the deadline passes before the rest is confirmed', async () => {
    const commit = create({ maxEvents: 2 })
    const failed = errorOf(commit.submit(events(4), 100))
    await eventually(() => publisher.attempts.length === 2)
    publisher.attempts[1]!.confirm()
    expect(await failed).toMatchObject({ code: 'partly_accepted', details: { extra: { accepted: [2, 3] } } })
  })

  test('says why a batch failed as a whole when none of its events was accepted', async () => {
    const commit = create({ maxEvents: 2 })
    publisher.answer = () => new PublishRefusedError('full')
    expect(await errorOf(commit.submit(events(6)))).toMatchObject({ code: 'backlog_full' })
  })

  test('accepts a batch of nothing', async () => {
    expect(await create().submit([])).toEqual({ accepted: 0 })
  })

  test('publishes what is there and refuses what comes when it is closed', async () => {
    const commit = create()
    const first = commit.submit([event()])
    await turn()
    const second = commit.submit([event()])
    let closed = false
    const closing = commit.close().then(() => (closed = true))
    expect(await errorOf(commit.submit([event()]))).toMatchObject({ code: 'shutting_down' })
    expect(publisher.messages).toHaveLength(2)
    publisher.attempts[1]!.confirm()
    await second
    expect(closed).toBe(false)
    publisher.attempts[0]!.confirm()
    await first
    await closing
  })

  describe('over a publisher that copies what it sends', () => {
    /** Larger than what is never used again. */
    const LARGE = 'x'.repeat(100_000)

    const publishTwice = async (copiesPayload: boolean, fails: boolean) => {
      const payloads: Uint8Array[] = []
      const publish = (message: OutgoingMessage) => {
        payloads.push(message.payload)
        return fails && payloads.length === 1
          ? Promise.reject(new PublishUnknownError('no confirmation'))
          : Promise.resolve()
      }
      const commit = create({}, { publisher: { publish, unreachableMs: () => 0, copiesPayload } })
      await commit.submit([event(`1${LARGE}`)])
      await commit.submit([event(`2${LARGE}`)])
      return [payloads[0]!, payloads.at(-1)!]
    }
    const memoryIsShared = ([first, last]: Uint8Array[]) => first!.buffer === last!.buffer

    test('the bytes of a confirmed envelope are those of the next one', async () => {
      expect(memoryIsShared(await publishTwice(true, false))).toBe(true)
    })

    test('those of an envelope with an attempt of unknown outcome are left alone', async () => {
      expect(memoryIsShared(await publishTwice(true, true))).toBe(false)
    })

    test('all are left alone where the publisher keeps them', async () => {
      const [first, last] = await publishTwice(false, false)
      expect(first!.buffer).not.toBe(last!.buffer)
      expect(Buffer.from(first!).toString()).toContain('"1xxx')
    })
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backlog, Broker, Message } from '../src/ports.ts'
import { PublishRefusedError, PublishUnknownError } from '../src/publish-errors.ts'
import { aMessage, aSpec, consume, numbered, publishAll, textOf, type Running } from './builders.ts'
import { until } from './until.ts'

export interface BrokerUnderTest {
  /** Two connections to one broker; a broker inside the process may return itself twice. */
  connect(): Promise<[Broker, Broker]>
  /** Whether its deliveries have an identity and a position. */
  readonly gives: { readonly identity: boolean; readonly position: boolean }
  /** Whether it drops a second message with the id of the first. */
  readonly deduplicates: boolean
  /** Whether the limit of messages in flight holds over all connections; else for each of them. */
  readonly sharesInFlightLimit: boolean
  /** Removes what a test left behind. */
  remove(stream: string): Promise<void>
  close(): Promise<void>
}

/** Messages that this process holds; over all processes where the broker says it. */
function unsettledOf({ ackPending, messages, pending }: Backlog): number {
  return ackPending ?? messages - pending
}

/** What every driver keeps of the ports. */
export function describeBroker(name: string, subject: BrokerUnderTest): void {
  describe(`a broker (${name})`, () => {
    let broker: Broker
    let other: Broker
    const streams: string[] = []
    const consumers: Running[] = []

    const newStream = async (changes: Parameters<typeof aSpec>[0] = {}) => {
      const spec = aSpec(changes)
      streams.push(spec.stream)
      await broker.ensureStream(spec)
      await other.ensureStream(spec)
      return spec
    }
    const start = (...args: Parameters<typeof consume>) => {
      const running = consume(...args)
      consumers.push(running)
      return running
    }

    beforeAll(async () => {
      ;[broker, other] = await subject.connect()
    })
    afterEach(async () => {
      await Promise.all(consumers.splice(0).map((running) => running.stop()))
      await Promise.all(streams.splice(0).map((stream) => subject.remove(stream)))
    })
    afterAll(async () => {
      await broker.close()
      await other.close()
      await subject.close()
    })

    test('delivers in the order of publishing, with headers and id', async () => {
      const spec = await newStream()
      await broker.publish(
        aMessage(spec, 'a', { headers: { 'Runnel-Count': '1' }, messageId: 'id-a' }),
        5_000,
      )
      await publishAll(broker, spec, ['b', 'c'])
      const got: Message[] = []
      start(broker, spec, { handle: async (batch) => batch.forEach((m) => (got.push(m), m.ack())) })
      await until('all are delivered', () => got.length === 3)
      expect(got.map(textOf)).toEqual(['a', 'b', 'c'])
      expect(got[0]).toMatchObject({ subject: spec.subject, stream: spec.stream, deliveries: 1 })
      expect(got[0]!.header('Runnel-Count')).toBe('1')
      expect(got[0]!.header('Nats-Msg-Id')).toBe('id-a')
      expect(got[0]!.header('Runnel-Envelope')).toBeUndefined()
    })

    test(`${subject.gives.identity ? 'gives' : 'does not give'} a message an identity that it keeps at every delivery`, async () => {
      const [spec, second] = [await newStream(), await newStream()]
      const got: Message[] = []
      const nakFirst = async (batch: readonly Message[]) => {
        for (const message of batch) {
          got.push(message)
          if (message.deliveries === 1) message.nak(0)
          else message.ack()
        }
      }
      await publishAll(broker, spec, ['a', 'b'])
      await publishAll(broker, second, ['c'])
      start(broker, spec, { handle: nakFirst })
      start(broker, second, { handle: nakFirst })
      await until('all came twice', () => got.length === 6)
      const identitiesOf = (text: string) =>
        new Set(got.filter((m) => textOf(m) === text).map((m) => m.identity && `${m.stream} ${m.identity}`))
      const identities = ['a', 'b', 'c'].flatMap((text) => [...identitiesOf(text)])
      if (subject.gives.identity) {
        expect(identities).toHaveLength(3)
        expect(new Set(identities).size).toBe(3)
      } else expect(new Set(identities)).toEqual(new Set([undefined]))
    })

    test(`${subject.gives.position ? 'gives' : 'does not give'} messages positions that rise in the order of publishing`, async () => {
      const spec = await newStream()
      const before = Date.now()
      await publishAll(broker, spec, numbered(20))
      const got: Message[] = []
      start(broker, spec, { handle: async (batch) => batch.forEach((m) => (got.push(m), m.ack())) })
      await until('all are delivered', () => got.length === 20)
      const positions = got.map((m) => m.position)
      if (!subject.gives.position) {
        expect(new Set(positions)).toEqual(new Set([undefined]))
        return
      }
      const sorted = positions.toSorted((a, b) => a!.timeMs - b!.timeMs || a!.tie - b!.tie)
      expect(sorted).toEqual(positions)
      expect(new Set(positions.map((p) => `${p!.timeMs} ${p!.tie}`)).size).toBe(20)
      // The broker may have a clock of its own.
      expect(Math.abs(positions[0]!.timeMs - before)).toBeLessThan(600_000)
    })

    test('keeps what was published before a consumer runs, and forgets what was acked', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, numbered(25))
      const before = await broker.consumer(spec).backlog()
      expect(before).toMatchObject({ pending: 25, messages: 25 })
      expect(unsettledOf(before)).toBe(0)
      const { seen } = start(broker, spec)
      await until('the stream is empty', async () => (await broker.consumer(spec).backlog()).messages === 0)
      expect(seen).toEqual(numbered(25))
    })

    test('hands over batches at their limit of messages, of bytes, or of time', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, [...numbered(4), 'x'.repeat(600), 'y'.repeat(600), 'z'])
      const sizes: number[] = []
      start(broker, spec, {
        // Long enough for all to arrive, also on a busy machine.
        limits: { maxMessages: 4, maxBytes: 1_000, lingerMs: 1_000 },
        handle: async (batch) => (sizes.push(batch.length), batch.forEach((m) => m.ack())),
      })
      await until('all are handled', () => sizes.reduce((a, b) => a + b, 0) === 7)
      expect(sizes).toEqual([4, 1, 2])
    })

    test('delivers a message larger than the byte limit of a batch by itself', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, ['a', 'b'.repeat(5_000), 'c'])
      const { seen } = start(broker, spec, { limits: { maxMessages: 10, maxBytes: 500, lingerMs: 5 } })
      await until('all are delivered', () => seen.length === 3)
      expect(seen.map((text) => text[0])).toEqual(['a', 'b', 'c'])
    })

    test('delivers a naked message again after its delay, as a further delivery', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, ['a'])
      const at: number[] = []
      const deliveries: number[] = []
      start(broker, spec, {
        handle: async ([message]) => {
          at.push(performance.now())
          deliveries.push(message!.deliveries)
          if (at.length === 1) message!.nak(300)
          else message!.ack()
        },
      })
      await until('it came twice', () => at.length === 2)
      expect(deliveries).toEqual([1, 2])
      expect(at[1]! - at[0]!).toBeGreaterThan(250)
    })

    test('delivers again what a handler left unsettled when it threw, and only that', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, ['a', 'b', 'c'])
      let crashed = false
      const { seen } = start(broker, spec, {
        handle: async (batch) => {
          if (!crashed) {
            crashed = true
            batch[0]!.ack()
            throw new Error('handler crashed')
          }
          batch.forEach((m) => m.ack())
        },
      })
      await until('the stream is empty', async () => (await broker.consumer(spec).backlog()).messages === 0)
      expect(seen[0]).toBe('a')
      expect(seen.filter((text) => text === 'a')).toHaveLength(1)
      expect(new Set(seen)).toEqual(new Set(['a', 'b', 'c']))
    })

    test('delivers an unsettled message again after the ack wait', async () => {
      const spec = await newStream({ ackWaitMs: 300 })
      await publishAll(broker, spec, ['a'])
      const deliveries: number[] = []
      start(broker, spec, {
        handle: async ([message]) => {
          deliveries.push(message!.deliveries)
          if (deliveries.length > 1) message!.ack()
        },
      })
      await until('it came twice', () => deliveries.length >= 2)
      expect(deliveries.slice(0, 2)).toEqual([1, 2])
    })

    /** Resolves when an unsettled message of the same ack wait has been delivered three times: two ack waits have passed. */
    const untilAckWaitsHavePassed = async (ackWaitMs: number) => {
      const spec = await newStream({ ackWaitMs })
      await publishAll(broker, spec, ['neglected'])
      const neglected: Message[] = []
      start(broker, spec, { handle: async (batch) => void neglected.push(...batch) })
      await until('a message that is left alone came three times', () => neglected.length >= 3)
      neglected.at(-1)!.ack()
    }

    test('does not deliver a message again while progress is reported', async () => {
      const ackWaitMs = 2_000
      const spec = await newStream({ ackWaitMs })
      await publishAll(broker, spec, ['a'])
      const got: Message[] = []
      start(broker, spec, { concurrency: 2, handle: async (batch) => void got.push(...batch) })
      await until('it is delivered', () => got.length === 1)
      const reporting = setInterval(() => got[0]!.inProgress(), 100)
      await untilAckWaitsHavePassed(ackWaitMs)
      clearInterval(reporting)
      got[0]!.ack()
      await until('it is acked', async () => (await broker.consumer(spec).backlog()).messages === 0)
      expect(got).toHaveLength(1)
    })

    test('keeps buffered messages from being delivered again while the handlers are busy', async () => {
      const ackWaitMs = 2_000
      const spec = await newStream({ ackWaitMs })
      await publishAll(broker, spec, numbered(3))
      const release = Promise.withResolvers<void>()
      const deliveries: number[] = []
      start(broker, spec, {
        limits: { maxMessages: 1, maxBytes: 100_000, lingerMs: 0 },
        handle: async ([message]) => {
          deliveries.push(message!.deliveries)
          const reporting = setInterval(() => message!.inProgress(), 100)
          await release.promise
          clearInterval(reporting)
          message!.ack()
        },
      })
      await until('one is handled and two wait', async () => {
        const backlog = await broker.consumer(spec).backlog()
        return unsettledOf(backlog) === 3 && deliveries.length === 1
      })
      await untilAckWaitsHavePassed(ackWaitMs)
      release.resolve()
      await until('all are acked', async () => (await broker.consumer(spec).backlog()).messages === 0)
      expect(deliveries).toEqual([1, 1, 1])
    })

    test(`has no more messages unsettled than the limit in flight, ${subject.sharesInFlightLimit ? 'over all connections' : 'for each connection'}`, async () => {
      const limit = subject.sharesInFlightLimit ? 3 : 6
      const spec = await newStream({ maxInFlight: 3 })
      await publishAll(broker, spec, numbered(10))
      const held: Message[] = []
      const hold = { concurrency: 10, handle: async (batch: readonly Message[]) => void held.push(...batch) }
      start(broker, spec, hold)
      start(other, spec, hold)
      await until('as many as the limit are held', () => held.length === limit)
      const backlog = await broker.consumer(spec).backlog()
      expect(backlog.pending).toBe(10 - limit)
      expect(unsettledOf(backlog)).toBe(3)
      held[0]!.ack()
      await until('one more came', () => held.length === limit + 1)
      const release = setInterval(() => held.forEach((m) => m.ack()), 10)
      await until('all came', () => held.length === 10)
      clearInterval(release)
      held.forEach((m) => m.ack())
      expect(new Set(held.map(textOf)).size).toBe(10)
    })

    test('takes no more from the stream than it can buffer while its handlers are busy', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, numbered(50))
      const release = Promise.withResolvers<void>()
      const { seen } = start(broker, spec, {
        limits: { maxMessages: 5, maxBytes: 100_000, lingerMs: 5 },
        handle: async (batch) => {
          await release.promise
          batch.forEach((m) => m.ack())
        },
      })
      await until('the buffer is full', async () => unsettledOf(await broker.consumer(spec).backlog()) === 15)
      expect(seen).toHaveLength(5)
      release.resolve()
      await until('all are delivered', () => seen.length === 50)
      expect(seen).toEqual(numbered(50))
    })

    test('never delivers a terminated message again', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, ['bad', 'good'])
      const { seen } = start(broker, spec, {
        handle: async (batch) => batch.forEach((m) => (textOf(m) === 'bad' ? m.term('poison') : m.ack())),
      })
      await until('the stream is empty', async () => (await broker.consumer(spec).backlog()).messages === 0)
      expect(seen).toEqual(['bad', 'good'])
    })

    test('finishes what is in hand and gives back the rest when its signal aborts', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, numbered(10))
      const release = Promise.withResolvers<void>()
      const first = consume(broker, spec, {
        limits: { maxMessages: 2, maxBytes: 100_000, lingerMs: 5 },
        handle: async (batch) => {
          await release.promise
          batch.forEach((m) => m.ack())
        },
      })
      await until('a batch is in hand', () => first.seen.length === 2)
      const stopped = first.stop()
      setTimeout(() => release.resolve(), 50)
      await stopped
      expect(first.seen).toEqual(['m0', 'm1'])
      await until('the acks arrived', async () => (await broker.consumer(spec).backlog()).messages === 8)
      const second = start(other, spec)
      await until('the rest is delivered', () => second.seen.length === 8)
      expect(new Set(second.seen)).toEqual(new Set(numbered(10).slice(2)))
    })

    test('refuses a publish beyond the byte limit, and takes messages again once some were consumed', async () => {
      const spec = await newStream({ maxBytes: 10_000 })
      const text = 'x'.repeat(1_000)
      const fill = async () => {
        for (let i = 0; i < 20; i++) await broker.publish(aMessage(spec, text), 5_000)
      }
      const refusal = await fill().catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(PublishRefusedError)
      expect(refusal).toMatchObject({ reason: 'full' })
      const { messages } = await broker.consumer(spec).backlog()
      const { seen } = start(broker, spec)
      await until('all are delivered', () => seen.length === messages)
      await until('the stream is empty', async () => (await broker.consumer(spec).backlog()).messages === 0)
      await broker.publish(aMessage(spec, text), 5_000)
    })

    test('applies changed limits to a stream that exists', async () => {
      const spec = await newStream({ maxBytes: 1_000 })
      const large = aMessage(spec, 'x'.repeat(2_000))
      await expect(broker.publish(large, 5_000)).rejects.toBeInstanceOf(PublishRefusedError)
      await broker.ensureStream({ ...spec, maxBytes: 10_000 })
      await broker.publish(large, 5_000)
    })

    test('refuses a message that is larger than it can carry at all', async () => {
      const spec = await newStream({ maxBytes: 100_000_000 })
      const huge = aMessage(spec, 'x'.repeat(9_000_000))
      await expect(broker.publish(huge, 5_000)).rejects.toMatchObject({ reason: 'too_large' })
      await publishAll(broker, spec, ['small'])
    })

    test('does not know the outcome of a publish that no stream takes', async () => {
      const nowhere = aMessage(aSpec(), 'a')
      await expect(broker.publish(nowhere, 5_000)).rejects.toBeInstanceOf(PublishUnknownError)
    })

    test(`${subject.deduplicates ? 'drops' : 'delivers'} a second message with the same id, even after the first was consumed`, async () => {
      const spec = await newStream()
      await broker.publish(aMessage(spec, 'a', { messageId: 'same' }), 5_000)
      await broker.publish(aMessage(spec, 'a', { messageId: 'same' }), 5_000)
      const { seen } = start(broker, spec)
      await until('the stream is empty', async () => (await broker.consumer(spec).backlog()).messages === 0)
      await broker.publish(aMessage(spec, 'a', { messageId: 'same' }), 5_000)
      await publishAll(broker, spec, ['b'])
      await until('the next one came', () => seen.includes('b'))
      expect(seen).toEqual(subject.deduplicates ? ['a', 'b'] : ['a', 'a', 'a', 'b'])
    })

    test('shares the work among the consumers of one durable', async () => {
      const spec = await newStream()
      const release = Promise.withResolvers<void>()
      const untilReleased = {
        limits: { maxMessages: 2, maxBytes: 100_000, lingerMs: 0 },
        handle: async (batch: readonly Message[]) => {
          await release.promise
          batch.forEach((m) => m.ack())
        },
      }
      const one = start(broker, spec, untilReleased)
      const two = start(other, spec, untilReleased)
      await publishAll(broker, spec, numbered(100))
      await until('both have some', () => one.seen.length > 0 && two.seen.length > 0)
      release.resolve()
      await until('all are delivered', () => one.seen.length + two.seen.length === 100)
      expect(new Set([...one.seen, ...two.seen]).size).toBe(100)
    })

    test('handles as many batches at a time as its concurrency says', async () => {
      const spec = await newStream()
      await publishAll(broker, spec, numbered(20))
      let now = 0
      let most = 0
      const release = Promise.withResolvers<void>()
      const { seen } = start(broker, spec, {
        concurrency: 3,
        limits: { maxMessages: 1, maxBytes: 100_000, lingerMs: 0 },
        handle: async (batch) => {
          most = Math.max(most, ++now)
          await release.promise
          now--
          batch.forEach((m) => m.ack())
        },
      })
      await until('three are handled', () => now === 3)
      release.resolve()
      await until('all are delivered', () => seen.length === 20)
      expect(most).toBe(3)
    })

    test('carries notices to every subscription, until it is ended', async () => {
      const notice = aSpec().subject
      const heard: string[] = []
      const endFirst = broker.subscribe(notice, (payload) => heard.push(`1${Buffer.from(payload)}`))
      const endSecond = other.subscribe(notice, (payload) => heard.push(`2${Buffer.from(payload)}`))
      await until('both hear', () => {
        broker.send(notice, Buffer.from('x'))
        return heard.includes('1x') && heard.includes('2x')
      })
      endFirst()
      heard.length = 0
      await until('the second hears', () => {
        other.send(notice, Buffer.from('y'))
        return heard.includes('2y')
      })
      expect(heard).not.toContain('1y')
      endSecond()
    })

    test('is connected and reachable', () => {
      expect(broker.connected()).toBe(true)
      expect(broker.unreachableMs()).toBe(0)
    })
  })
}

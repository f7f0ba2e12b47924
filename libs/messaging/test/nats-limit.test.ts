import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startNats, type ManagedProcess } from '@runnel/testing'
import { connect, DiscardPolicy, RetentionPolicy, type JetStreamManager, type NatsConnection } from 'nats'
import { connectBroker } from '../src/index.ts'
import type { Broker, StreamSpec } from '../src/ports.ts'
import { PublishRefusedError, PublishUnknownError } from '../src/publish-errors.ts'
import { aMessage, aSpec, memoryLog } from './builders.ts'
import { until } from './until.ts'

const LIMIT = 50_000

/** nats-server before 2.10.5 removes confirmed messages from a stream that has a limit; see byte-limit.ts. */
describe('a stream at its byte limit', () => {
  let server: ManagedProcess
  let nc: NatsConnection
  let jsm: JetStreamManager
  let broker: Broker

  beforeEach(async () => {
    server = await startNats()
    nc = await connect({ servers: server.url })
    jsm = await nc.jetstreamManager()
    broker = await connectBroker(server.url, { name: 'test', log: memoryLog() })
  })
  afterEach(async () => {
    await broker.close()
    await nc.close()
    await server.close()
  })

  const stored = async ({ stream }: StreamSpec) => (await jsm.streams.info(stream)).state

  /** Publishes messages of any size until twenty were refused, or enough. @returns how many were confirmed */
  const fill = async (publish: (text: string) => Promise<unknown>): Promise<number> => {
    let confirmed = 0
    for (let refused = 0; refused < 20 && confirmed < 400;) {
      try {
        await publish('x'.repeat(100 + Math.floor(Math.random() * 200)))
        confirmed++
      } catch {
        refused++
      }
    }
    return confirmed
  }
  const ours = (spec: StreamSpec) => (text: string) => broker.publish(aMessage(spec, text), 5_000)
  const others = ({ subject }: StreamSpec) => {
    return (text: string) => nc.jetstream().publish(subject, Buffer.from(text))
  }

  test('keeps everything that was confirmed, and no more than the limit', async () => {
    for (let round = 0; round < 5; round++) {
      const spec = aSpec({ maxBytes: LIMIT })
      await broker.ensureStream(spec)
      const confirmed = await fill(ours(spec))
      const { messages, first_seq, bytes } = await stored(spec)
      expect({ messages, first_seq }).toEqual({ messages: confirmed, first_seq: 1 })
      expect(bytes).toBeLessThanOrEqual(LIMIT)
      await expect(ours(spec)('x'.repeat(LIMIT))).rejects.toBeInstanceOf(PublishRefusedError)
    }
  })

  test('keeps everything that was confirmed to others', async () => {
    for (let round = 0; round < 20; round++) {
      const spec = aSpec({ maxBytes: LIMIT })
      await broker.ensureStream(spec)
      const confirmed = await fill(others(spec))
      expect((await stored(spec)).messages).toBe(confirmed)
    }
  })

  test('keeps it also in a stream whose limit was set on the server by an earlier version', async () => {
    for (let round = 0; round < 20; round++) {
      const spec = aSpec({ maxBytes: LIMIT })
      await jsm.streams.add({
        ...{ name: spec.stream, subjects: [spec.subject], max_bytes: LIMIT },
        ...{ retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New },
      })
      await broker.ensureStream(spec)
      const confirmed = await fill(others(spec))
      expect((await stored(spec)).messages).toBe(confirmed)
    }
  })

  test('keeps what it holds when the limit is lowered below that, and takes nothing more', async () => {
    const spec = aSpec({ maxBytes: LIMIT })
    await broker.ensureStream(spec)
    const confirmed = await fill(ours(spec))
    await broker.ensureStream({ ...spec, maxBytes: LIMIT / 2 })
    await expect(ours(spec)('x')).rejects.toMatchObject({ reason: 'full' })
    expect((await stored(spec)).messages).toBe(confirmed)
    await jsm.streams.purge(spec.stream)
    await ours(spec)('x'.repeat(LIMIT / 4))
    await expect(ours(spec)('x'.repeat(LIMIT / 2))).rejects.toMatchObject({ reason: 'full' })
  })

  test('learns of what others publish before its own messages fill the stream', async () => {
    const spec = aSpec({ maxBytes: LIMIT })
    await broker.ensureStream(spec)
    await ours(spec)('x')
    for (let i = 0; i < 9; i++) await others(spec)('x'.repeat(5_400))
    const refusedAfter = async () => {
      for (let taken = 0; ; taken++) {
        const outcome = await ours(spec)('x').catch((error: unknown) => error)
        if (outcome instanceof PublishRefusedError) return taken
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    // Alone they would fill it with 200.
    expect(await refusedAfter()).toBeLessThan(150)
    await jsm.streams.purge(spec.stream)
    await ours(spec)('x')
  })

  test('confirms a repeat of what it holds, however full it is', async () => {
    const spec = aSpec({ maxBytes: LIMIT })
    await broker.ensureStream(spec)
    const message = aMessage(spec, 'x'.repeat(1_000))
    await ours(spec)('x')
    // Stored, and the confirmation comes too late.
    await server.kill('SIGSTOP')
    await expect(broker.publish(message, 50)).rejects.toBeInstanceOf(PublishUnknownError)
    await server.kill('SIGCONT')
    await until('it is stored', async () => (await stored(spec)).messages === 2)
    await fill(ours(spec))
    await expect(ours(spec)('x'.repeat(1_000))).rejects.toBeInstanceOf(PublishRefusedError)
    await broker.publish(message, 5_000)
  })
})

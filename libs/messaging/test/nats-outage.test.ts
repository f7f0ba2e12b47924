import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startNats, type ManagedProcess } from '@runnel/testing'
import { connect } from 'nats'
import { connectBroker } from '../src/index.ts'
import type { Broker, Message } from '../src/ports.ts'
import { PublishUnknownError } from '../src/publish-errors.ts'
import {
  aMessage,
  aSpec,
  consume,
  memoryLog,
  numbered,
  publishAll,
  textOf,
  type Running,
} from './builders.ts'
import { forgetStore } from './nats-store.ts'
import { until } from './until.ts'

describe('the nats driver, when its server fails', () => {
  let server: ManagedProcess
  let log: ReturnType<typeof memoryLog>
  const brokers: Broker[] = []
  const consumers: Running[] = []

  const open = async () => {
    const broker = await connectBroker(server.url, { name: 'test', log, firstConnectMs: 300 })
    brokers.push(broker)
    return broker
  }
  const start = (...args: Parameters<typeof consume>) => {
    const running = consume(...args)
    consumers.push(running)
    return running
  }
  /** Publishes one message until the broker takes it. */
  const publishEventually = async (broker: Broker, ...args: Parameters<typeof aMessage>) => {
    const message = aMessage(...args)
    await until('the broker takes a message', () =>
      broker.publish(message, 1_000).then(
        () => true,
        () => false,
      ),
    )
  }

  beforeEach(async () => {
    server = await startNats()
    log = memoryLog()
  })
  afterEach(async () => {
    await server.kill('SIGCONT')
    await Promise.all(consumers.splice(0).map((running) => running.stop()))
    await Promise.all(brokers.splice(0).map((broker) => broker.close()))
    await server.close()
  })

  test('starts without a server, says so, and works as soon as it is there', async () => {
    await server.stop()
    const broker = await open()
    const spec = aSpec()
    const ensured = broker.ensureStream(spec)
    const { seen } = start(broker, spec)
    expect(broker.connected()).toBe(false)
    await until('it counts as unreachable', () => broker.unreachableMs() > 300)
    await expect(broker.publish(aMessage(spec, 'a'), 5_000)).rejects.toBeInstanceOf(PublishUnknownError)
    await server.restart()
    await ensured
    expect(broker.connected()).toBe(true)
    expect(broker.unreachableMs()).toBe(0)
    await broker.publish(aMessage(spec, 'b'), 5_000)
    await until('it is delivered', () => seen.length === 1)
  })

  test('rejects publishes in flight at once when the server dies, and new ones while it is unreachable', async () => {
    const broker = await open()
    const spec = aSpec()
    await broker.ensureStream(spec)
    await server.kill('SIGSTOP')
    // Longer than this test may take: the client's own requests would wait for it.
    const timeoutMs = 600_000
    const inFlight = broker.publish(aMessage(spec, 'a'), timeoutMs).catch((error: unknown) => error)
    await server.kill('SIGKILL')
    expect(await inFlight).toBeInstanceOf(PublishUnknownError)
    await expect(broker.publish(aMessage(spec, 'b'), timeoutMs)).rejects.toBeInstanceOf(PublishUnknownError)
    expect(broker.connected()).toBe(false)
  })

  test('goes on after an outage longer than the client would take by itself', async () => {
    const broker = await open()
    const spec = aSpec()
    await broker.ensureStream(spec)
    const gaps: number[] = []
    broker.onGap(() => gaps.push(1))
    const notices: string[] = []
    broker.subscribe(`${spec.subject}.notice`, (payload) => notices.push(`${Buffer.from(payload)}`))
    const { seen } = start(broker, spec)
    await publishAll(broker, spec, ['before'])
    await until('it is delivered', () => seen.length === 1)
    await server.kill('SIGKILL')
    await until('the outage has lasted', () => broker.unreachableMs() > 22_000, 40_000)
    await server.restart()
    await publishEventually(broker, spec, 'after')
    await until('it is delivered', () => seen.includes('after'))
    expect(gaps.length).toBeGreaterThan(0)
    await until('notices arrive', () => {
      broker.send(`${spec.subject}.notice`, Buffer.from('n'))
      return notices.length > 0
    })
  })

  test('keeps what was confirmed when the server is killed and started again', async () => {
    const broker = await open()
    const spec = aSpec()
    await broker.ensureStream(spec)
    await publishAll(broker, spec, numbered(20))
    await server.kill('SIGKILL')
    await server.restart()
    const { seen } = start(broker, spec)
    await until('all are delivered', () => seen.length === 20)
    expect(seen).toEqual(numbered(20))
  })

  test('creates stream and durable again on a server that lost its store', async () => {
    const broker = await open()
    const spec = aSpec()
    await broker.ensureStream(spec)
    const { seen } = start(broker, spec)
    await publishAll(broker, spec, ['old'])
    await until('it is delivered', () => seen.length === 1)
    await server.kill('SIGKILL')
    await forgetStore(server)
    await server.restart()
    await publishEventually(broker, spec, 'new')
    await until('it is delivered', () => seen.includes('new'))
  })

  test('creates a stream again that was deleted under a running consumer', async () => {
    const broker = await open()
    const spec = aSpec()
    await broker.ensureStream(spec)
    const { seen } = start(broker, spec)
    await publishAll(broker, spec, ['old'])
    await until('it is delivered', () => seen.length === 1)
    const admin = await connect({ servers: server.url })
    await (await admin.jetstreamManager()).streams.delete(spec.stream)
    await admin.close()
    await publishEventually(broker, spec, 'new')
    await until('it is delivered', () => seen.includes('new'))
  })

  test('never acks a message of a re-created stream with the ack of an older one', async () => {
    const broker = await open()
    const spec = aSpec({ ackWaitMs: 1_000 })
    await broker.ensureStream(spec)
    const held: Message[] = []
    start(broker, spec, { concurrency: 5, handle: async (batch) => void held.push(...batch) })
    await publishAll(broker, spec, ['old'])
    await until('it is delivered', () => held.length === 1)
    await server.kill('SIGKILL')
    await forgetStore(server)
    await server.restart()
    await publishEventually(broker, spec, 'new')
    await until('the new one is delivered', () => held.some((m) => textOf(m) === 'new'))
    const isNew = (message: Message) => textOf(message) === 'new'
    expect(held.find(isNew)!.position!.tie).toBe(held[0]!.position!.tie)
    held[0]!.ack()
    await until('the new one comes again', () => held.filter(isNew).length >= 2)
    held.forEach((m) => m.ack())
    await until('it is acked', async () => (await broker.consumer(spec).backlog()).messages === 0)
  })

  test('counts a frozen server as unreachable, and goes on when it wakes up', async () => {
    const broker = await open()
    const spec = aSpec({ ackWaitMs: 2_000 })
    await broker.ensureStream(spec)
    const { seen } = start(broker, spec)
    await publishAll(broker, spec, ['before'])
    await server.kill('SIGSTOP')
    // Beyond what the socket buffers hold: the client alone would wait for its last write for good.
    const large = 'x'.repeat(900_000)
    const publishes = numbered(20).map(() =>
      broker.publish(aMessage(spec, large), 1_000).catch(() => 'unknown'),
    )
    expect(new Set(await Promise.all(publishes))).toEqual(new Set(['unknown']))
    await until('it counts as unreachable', () => broker.unreachableMs() > 1_000)
    await until('the connection is given up', () => !broker.connected())
    await server.kill('SIGCONT')
    await publishEventually(broker, spec, 'after')
    await until('it is delivered', () => seen.includes('after'))
  })

  test('lets several processes ensure one stream at the same time', async () => {
    const [one, two, three] = await Promise.all([open(), open(), open()])
    const spec = aSpec()
    await Promise.all([one, two, three].map((broker) => broker.ensureStream(spec)))
    await publishAll(one, spec, ['a'])
    const { seen } = start(two, spec)
    await until('it is delivered', () => seen.length === 1)
  })
})

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { startRabbitmq, type RabbitmqServer } from '@runnel/testing'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { connectBroker } from '../src/index.ts'
import type { Broker, Message, StreamSpec } from '../src/ports.ts'
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
import { publishDeepHeaders } from './deep-headers.ts'
import { describeWithRabbitmq, killConnection, openAdmin, type RabbitmqAdmin } from './rabbitmq-admin.ts'
import { until } from './until.ts'

/** It keeps the names of its quorum queues in a table that is written with a delay of seconds: a queue that is younger dies with it. */
function isOnDisk({ process: { temporaryFolder } }: RabbitmqServer, queue: string): boolean {
  return globSync('data/*/quorum/*/names.dets', { cwd: temporaryFolder! }).some((file) =>
    readFileSync(join(temporaryFolder!, file), 'latin1').includes(queue),
  )
}

describeWithRabbitmq('the rabbitmq driver, when its server fails', () => {
  let server: RabbitmqServer
  let log: ReturnType<typeof memoryLog>
  const brokers: Broker[] = []
  const consumers: Running[] = []
  const admins: RabbitmqAdmin[] = []

  const open = async (firstConnectMs = 60_000) => {
    log = memoryLog()
    const broker = await connectBroker(server.url, { name: 'test', log, firstConnectMs })
    brokers.push(broker)
    return broker
  }
  const openStream = async (changes: Partial<StreamSpec> = {}) => {
    const broker = await open()
    const spec = aSpec(changes)
    await broker.ensureStream(spec)
    return { broker, spec }
  }
  const administrate = async () => {
    const admin = await openAdmin(server.url)
    admins.push(admin)
    return admin
  }
  const start = (...args: Parameters<typeof consume>) => {
    const running = consume(...args)
    consumers.push(running)
    return running
  }
  const tryPublishing = (broker: Broker, ...args: Parameters<typeof aMessage>) =>
    broker.publish(aMessage(...args), 1_000).then(
      () => 'confirmed' as const,
      (error: unknown) => error,
    )
  const publishEventually = (broker: Broker, ...args: Parameters<typeof aMessage>) =>
    until('the broker takes a message', async () => (await tryPublishing(broker, ...args)) === 'confirmed')
  const untilEmpty = (broker: Broker, spec: StreamSpec) =>
    until('the queue is empty', async () => (await broker.consumer(spec).backlog()).messages === 0)

  beforeAll(async () => {
    server = await startRabbitmq()
  })
  afterEach(async () => {
    await server.process.kill('SIGCONT')
    await Promise.all(consumers.splice(0).map((running) => running.stop()))
    await Promise.all(brokers.splice(0).map((broker) => broker.close()))
    await Promise.all(admins.splice(0).map((admin) => admin[Symbol.asyncDispose]()))
  })
  afterAll(async () => server[Symbol.asyncDispose]())

  test('fails every publish that no queue takes while its queue is deleted under load, and makes the queue again', async () => {
    const { broker, spec } = await openStream()
    const admin = await administrate()
    const confirmed: string[] = []
    const failures: unknown[] = []
    let isOver = false
    const publishing = Array.from({ length: 8 }, async (_, lane) => {
      for (let n = 0; !isOver; n++) {
        const hadFailed = failures.length > 0
        const text = `${lane}-${n}`
        const outcome = await tryPublishing(broker, spec, text)
        if (outcome !== 'confirmed') {
          failures.push(outcome)
          await setTimeout(5)
        }
        // What was on the way when the queue was deleted went with it.
        else if (hadFailed) confirmed.push(text)
      }
    })
    await until('it publishes', async () => (await broker.consumer(spec).backlog()).pending > 50)
    await admin.channel.deleteQueue(spec.queue)
    await until('a hundred were confirmed since', () => confirmed.length > 100)
    isOver = true
    await Promise.all(publishing)
    expect(failures[0]).toBeInstanceOf(PublishUnknownError)
    const { seen } = start(broker, spec)
    await untilEmpty(broker, spec)
    expect(confirmed.filter((text) => !seen.includes(text))).toEqual([])
  })

  test('keeps a message though 25 consumers die with it in their hands', async () => {
    const { broker, spec } = await openStream()
    await publishAll(broker, spec, ['a'])
    for (let death = 0; death < 25; death++) {
      const { connection, channel } = await administrate()
      const { promise: delivered, resolve } = Promise.withResolvers<void>()
      await channel.consume(spec.queue, () => resolve())
      await delivered
      killConnection(connection)
    }
    const deliveries: number[] = []
    const { seen } = start(broker, spec, {
      handle: async ([message]) => {
        deliveries.push(message!.deliveries)
        message!.ack()
      },
    })
    await until('it is still there', () => seen.length > 0)
    expect(seen).toEqual(['a'])
    expect(deliveries).toEqual([26])
    await untilEmpty(broker, spec)
  })

  test('is unreachable for publishers while memory is used up, goes on consuming, and takes messages again', async () => {
    const { broker, spec } = await openStream()
    await publishAll(broker, spec, numbered(20))
    await server.ctl('set_vm_memory_high_watermark', 'absolute', '1MB')
    try {
      // The server says it once a message came.
      await until('it takes no more', async () => (await tryPublishing(broker, spec, 'x')) !== 'confirmed')
      await until('it counts as unreachable', () => broker.unreachableMs() > 1_000)
      expect(broker.connected()).toBe(true)
      const before = performance.now()
      const refusal = await broker.publish(aMessage(spec, 'y'), 600_000).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(PublishUnknownError)
      expect(performance.now() - before).toBeLessThan(60_000)
      const { seen } = start(broker, spec)
      await until('all are consumed', () => numbered(20).every((text) => seen.includes(text)))
      await untilEmpty(broker, spec)
    } finally {
      await server.ctl('set_vm_memory_high_watermark', '0.6')
    }
    await publishEventually(broker, spec, 'after')
    expect(broker.unreachableMs()).toBe(0)
    await until('it is delivered', () => consumers[0]!.seen.includes('after'))
  })

  test('keeps what was confirmed when the server is killed and started again, and fails what was in flight', async () => {
    const { broker, spec } = await openStream()
    const gaps: number[] = []
    broker.onGap(() => gaps.push(1))
    const heard: string[] = []
    broker.subscribe(`${spec.subject}.notice`, (payload) => heard.push(`${Buffer.from(payload)}`))
    await until('the server has written the queue to its directory', () => isOnDisk(server, spec.queue))
    await publishAll(broker, spec, numbered(20))
    await server.process.kill('SIGSTOP')
    const inFlight = broker.publish(aMessage(spec, 'in flight'), 600_000).catch((error: unknown) => error)
    await server.process.kill('SIGKILL')
    expect(await inFlight).toBeInstanceOf(PublishUnknownError)
    await until('it knows', () => !broker.connected())
    await expect(broker.publish(aMessage(spec, 'b'), 600_000)).rejects.toBeInstanceOf(PublishUnknownError)
    const { seen } = start(broker, spec)
    await server.process.restart()
    await until('all are delivered', () => numbered(20).every((text) => seen.includes(text)))
    await publishEventually(broker, spec, 'after')
    await until('it is delivered', () => seen.includes('after'))
    expect(gaps.length).toBeGreaterThan(0)
    await until('notices arrive', () => {
      broker.send(`${spec.subject}.notice`, Buffer.from('n'))
      return heard.length > 0
    })
  })

  test('starts without a server, says so, and works as soon as it is there', async () => {
    await server.process.stop()
    const broker = await open(300)
    const spec = aSpec()
    const ensured = broker.ensureStream(spec)
    const { seen } = start(broker, spec)
    expect(broker.connected()).toBe(false)
    await until('it counts as unreachable', () => broker.unreachableMs() > 300)
    await expect(broker.publish(aMessage(spec, 'a'), 5_000)).rejects.toBeInstanceOf(PublishUnknownError)
    await server.process.restart()
    await ensured
    await publishEventually(broker, spec, 'b')
    await until('it is delivered', () => seen.includes('b'))
  })

  test('counts a frozen server as unreachable, gives the connection up, and goes on when it wakes up', async () => {
    const { broker, spec } = await openStream()
    const { seen } = start(broker, spec)
    await server.process.kill('SIGSTOP')
    await until('it counts as unreachable', () => broker.unreachableMs() > 1_000)
    await until('the connection is given up', () => !broker.connected())
    await server.process.kill('SIGCONT')
    await publishEventually(broker, spec, 'after')
    await until('it is delivered', () => seen.includes('after'))
  })

  test('consumes again after its queue was deleted, and after the server closed every connection', async () => {
    const { broker, spec } = await openStream()
    const admin = await administrate()
    const { seen } = start(broker, spec)
    await publishAll(broker, spec, ['first'])
    await until('it is delivered', () => seen.includes('first'))
    await admin.channel.deleteQueue(spec.queue)
    await publishEventually(broker, spec, 'second')
    await until('it is delivered', () => seen.includes('second'))
    await server.ctl('close_all_connections', 'test')
    await publishEventually(broker, spec, 'third')
    await until('it is delivered', () => seen.includes('third'))
  })

  test('survives that the server takes back what is handled for longer than its consumer timeout', async () => {
    const set = (timeoutMs: number, tickMs: number) =>
      server.ctl(
        'eval',
        `application:set_env(rabbit, consumer_timeout, ${timeoutMs}), application:set_env(rabbit, channel_tick_interval, ${tickMs}).`,
      )
    await set(1_500, 500)
    try {
      const { broker, spec } = await openStream()
      const got: Message[] = []
      start(broker, spec, { concurrency: 5, handle: async (batch) => void got.push(...batch) })
      await publishAll(broker, spec, ['a'])
      const reporting = setInterval(() => got.forEach((message) => message.inProgress()), 100)
      await until('it came again', () => got.length >= 2)
      clearInterval(reporting)
      const acking = setInterval(() => got.forEach((message) => message.ack()), 50)
      await untilEmpty(broker, spec)
      clearInterval(acking)
      expect(new Set(got.map(textOf))).toEqual(new Set(['a']))
    } finally {
      await set(1_800_000, 60_000)
    }
  })

  test('drains a queue of other publishers beside its own, as it found it, and publishes nothing into it', async () => {
    const { broker, spec } = await openStream()
    const admin = await administrate()
    const asFound = { durable: true, arguments: { 'x-max-length': 50 } }
    await admin.channel.assertQueue(spec.subject, asFound)
    await publishAll(broker, spec, ['ours'])
    expect((await admin.channel.checkQueue(spec.subject)).messageCount).toBe(0)
    admin.channel.sendToQueue(spec.subject, Buffer.from('theirs'), { messageId: 'm-1', persistent: true })
    const got: Message[] = []
    start(broker, spec, { handle: async (batch) => batch.forEach((m) => (got.push(m), m.ack())) })
    await until('both are delivered', () => got.length === 2)
    const theirs = got.find((message) => textOf(message) === 'theirs')!
    expect(theirs).toMatchObject({ subject: spec.subject, stream: spec.stream, deliveries: 1 })
    expect(theirs.header('Nats-Msg-Id')).toBe('m-1')
    expect(theirs.sentAtMs).toBeUndefined()
    expect(got.find((message) => textOf(message) === 'ours')!.sentAtMs).toBeGreaterThan(0)
    // Declaring it once more, as its publishers do at each start, is refused where anything about it has changed.
    await admin.channel.assertQueue(spec.subject, asFound)
    await admin.channel.deleteQueue(spec.subject)
  })

  test('delivers a message whose headers are nested deeper than the client reads', async () => {
    const { broker, spec } = await openStream()
    const admin = await administrate()
    publishDeepHeaders(admin, spec.queue, 15_000, Buffer.from('deep'))
    await until('it is there', async () => (await admin.channel.checkQueue(spec.queue)).messageCount === 1)
    await publishAll(broker, spec, ['next'])
    const { seen } = start(broker, spec)
    await until('both are delivered', () => seen.length === 2)
    expect(seen).toEqual(['deep', 'next'])
    await untilEmpty(broker, spec)
  })

  test('takes few large messages at a time and many small ones', async () => {
    const { broker, spec } = await openStream({ maxBytes: 200_000_000 })
    const held: Message[] = []
    const large = 'x'.repeat(1_500_000)
    for (let i = 0; i < 10; i++) await broker.publish(aMessage(spec, large), 10_000)
    start(broker, spec, {
      limits: { maxMessages: 100, maxBytes: 1_000_000, lingerMs: 5 },
      concurrency: 20,
      handle: async (batch) => void held.push(...batch),
    })
    await until('some are held', () => held.length >= 5)
    expect(held.reduce((sum, message) => sum + message.payload.length, 0)).toBeLessThan(24_000_000)
    const release = setInterval(() => held.forEach((message) => message.ack()), 20)
    await untilEmpty(broker, spec)
    await publishAll(broker, spec, numbered(300))
    await until('all came', () => new Set(held.map(textOf)).size === 301)
    clearInterval(release)
    held.forEach((message) => message.ack())
    await untilEmpty(broker, spec)
  })
})

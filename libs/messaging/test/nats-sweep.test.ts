import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startNats, type ManagedProcess } from '@runnel/testing'
import { connect } from 'nats'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectNats } from '../src/nats/connect-nats.ts'
import type { Broker, Message, StreamSpec } from '../src/ports.ts'
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
import { copyStore, useStore } from './nats-store.ts'
import { until } from './until.ts'

const KILLS = 8
const NEVER_MS = 1_000_000

/** A kill leaves durable and stream at different places: nats-server writes the two apart. */
describe('a work queue whose server was killed', () => {
  let server: ManagedProcess
  let log: ReturnType<typeof memoryLog>
  const brokers: Broker[] = []
  const consumers: Running[] = []
  let swept: { stream: string; messages: number }[]

  const open = async (sweepEveryMs: number) => {
    const onSweep = (sweep: (typeof swept)[number]) => void swept.push(sweep)
    const broker = await connectNats(server.url, { name: 'test', log, sweepEveryMs, onSweep })
    brokers.push(broker)
    return broker
  }
  const start = (...args: Parameters<typeof consume>) => {
    const running = consume(...args)
    consumers.push(running)
    return running
  }
  const close = async () => {
    await Promise.all(consumers.splice(0).map((running) => running.stop()))
    await Promise.all(brokers.splice(0).map((broker) => broker.close()))
  }
  const backlog = (broker: Broker, spec: StreamSpec) => broker.consumer(spec).backlog()
  const untilEmpty = (broker: Broker, spec: StreamSpec) =>
    until(
      'the stream is empty',
      async () => {
        const left = await backlog(broker, spec).catch(() => undefined)
        return left?.messages === 0
      },
      30_000,
    )

  /** The stream holds five messages, and the durable takes them for settled. */
  const strand = async (spec: StreamSpec) => {
    const before = await open(NEVER_MS)
    await before.ensureStream(spec)
    await publishAll(before, spec, numbered(5))
    await close()
    await server.stop()
    const unread = await copyStore(server)
    await server.restart()
    const then = await open(NEVER_MS)
    start(then, spec)
    await untilEmpty(then, spec)
    await close()
    await server.stop()
    await useStore(server, unread, spec)
    await server.restart()
  }

  /** As if that had happened in one life of the server: where it restarts, the durable is created again before a consumer waits. */
  const takeForRecent = async (spec: StreamSpec) => {
    const nc = await connect({ servers: server.url })
    const description = `Made by server ${nc.info!.server_id}`
    await (await nc.jetstreamManager()).consumers.update(spec.stream, spec.durable, { description })
    await nc.close()
  }

  beforeEach(async () => {
    server = await startNats()
    log = memoryLog()
    swept = []
  })
  afterEach(async () => {
    await close()
    await server.close()
  })

  test('delivers all that it holds as soon as it is back, also to consumers that come at the same time', async () => {
    // Which of them creates the durable again is a race: several rounds, for it to go either way.
    for (let round = 0; round < 5; round++) {
      // No sweep runs here; a delivery that a busy machine loses comes again.
      const spec = aSpec({ ackWaitMs: 5_000 })
      await strand(spec)
      const [one, two] = [await open(NEVER_MS), await open(NEVER_MS)]
      const running = [start(one, spec), start(two, spec)]
      await untilEmpty(one, spec)
      expect(new Set(running.flatMap(({ seen }) => seen))).toEqual(new Set(numbered(5)))
      await close()
    }
  })

  test('does not take the ack of a message for that of another one with its sequence', async () => {
    const spec = aSpec({ ackWaitMs: 1_000 })
    const before = await open(NEVER_MS)
    await before.ensureStream(spec)
    await close()
    await server.stop()
    const empty = await copyStore(server)
    await server.restart()
    const broker = await open(NEVER_MS)
    await broker.ensureStream(spec)
    const held: Message[] = []
    start(broker, spec, {
      concurrency: 2,
      handle: async (batch) => {
        held.push(...batch)
        await sleep(1)
      },
    })
    await broker.publish(aMessage(spec, 'old'), 5_000)
    await until('the old one is delivered', () => held.length > 0)
    await server.stop()
    await useStore(server, empty, spec)
    await server.restart()
    const message = aMessage(spec, 'new')
    const isTaken = () =>
      broker.publish(message, 1_000).then(
        () => true,
        () => false,
      )
    await until('the new one is taken', isTaken)
    const [old] = held
    const isNew = (message: Message) => textOf(message) === 'new'
    await until('the new one is delivered', () => held.some(isNew))
    expect(held.find(isNew)!.position!.tie).toBe(old!.position!.tie)
    old!.ack()
    await sleep(500)
    expect(await backlog(broker, spec)).toMatchObject({ messages: 1 })
  })

  test('delivers again what the server takes for settled, and purges nothing', async () => {
    const spec = aSpec({ ackWaitMs: 500 })
    await strand(spec)
    await takeForRecent(spec)
    const [one, two] = [await open(200), await open(200)]
    await one.ensureStream(spec)
    expect(await backlog(one, spec)).toMatchObject({ messages: 5, pending: 0, ackPending: 0 })
    const running = [start(one, spec), start(two, spec)]
    await untilEmpty(one, spec)
    expect(new Set(running.flatMap(({ seen }) => seen))).toEqual(new Set(numbered(5)))
    expect(swept[0]).toEqual({ stream: spec.stream, messages: 5 })
  })

  test('delivers again while new messages go on', async () => {
    const spec = aSpec({ ackWaitMs: 500 })
    await strand(spec)
    await takeForRecent(spec)
    const broker = await open(200)
    const { seen } = start(broker, spec)
    await until('the stranded ones are delivered', async () => {
      await broker.publish(aMessage(spec, 'new'), 5_000)
      return numbered(5).every((text) => seen.includes(text))
    })
    await untilEmpty(broker, spec)
  })

  test('leaves a message alone whose handler takes long', async () => {
    const broker = await open(200)
    // Three ack waits are less than the handler takes.
    const spec = aSpec({ ackWaitMs: 1_600 })
    await broker.ensureStream(spec)
    const { seen } = start(broker, spec, {
      handle: async ([message]) => {
        const keepAlive = setInterval(() => message!.inProgress(), 100)
        await sleep(8_000)
        clearInterval(keepAlive)
        message!.ack()
      },
    })
    await publishAll(broker, spec, ['slow'])
    await untilEmpty(broker, spec)
    expect({ seen, swept }).toEqual({ seen: ['slow'], swept: [] })
  })

  test('comes to rest after kills in the middle of deliveries, with everything delivered', async () => {
    const [one, two] = [await open(200), await open(200)]
    const spec = aSpec({ ackWaitMs: 1_000 })
    await one.ensureStream(spec)
    const slowly = {
      concurrency: 2,
      handle: async (batch: readonly Message[]) => {
        await sleep(Math.random() * 30)
        batch.forEach((message) => message.ack())
      },
    }
    const running = [start(one, spec, slowly), start(two, spec, slowly)]
    const taken: string[] = []
    const publishing = new AbortController()
    const publish = async () => {
      for (let i = 0; !publishing.signal.aborted; i++) {
        const texts = numbered(5).map((text) => `${i} ${text}`)
        const publishes = texts.map((text) => one.publish(aMessage(spec, text), 1_000))
        const results = await Promise.allSettled(publishes)
        taken.push(...texts.filter((_, index) => results[index]!.status === 'fulfilled'))
        await sleep(Math.random() * 10)
      }
    }
    const published = publish()
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(100 + Math.random() * 400)
      await server.kill('SIGKILL')
      await server.restart()
    }
    publishing.abort()
    await published
    await untilEmpty(one, spec)
    const seen = new Set(running.flatMap((each) => each.seen))
    expect(taken.filter((text) => !seen.has(text))).toEqual([])
  })
})

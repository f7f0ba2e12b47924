import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { AckPolicy, connect, RetentionPolicy, type JetStreamManager, type NatsConnection } from 'nats'
import { sweep } from '../src/nats/sweep.ts'
import { aSpec } from './builders.ts'

const url = process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222'

describe('the sweep of a work queue', () => {
  let nc: NatsConnection
  let jsm: JetStreamManager
  const spec = aSpec()
  /** Nobody consumes it, as if the server had kept what was acked. */
  const stranded = `${spec.subject}.stranded`

  const publish = (subject: string) => nc.jetstream().publish(subject)
  const consumeOne = async () => {
    const consumer = await nc.jetstream().consumers.get(spec.stream, spec.durable)
    const message = await consumer.next({ expires: 5_000 })
    return message!
  }
  const messages = async () => (await jsm.streams.info(spec.stream)).state.messages
  const run = () => sweep(jsm, spec, new AbortController().signal)

  beforeAll(async () => {
    nc = await connect({ servers: url.split(',') })
    jsm = await nc.jetstreamManager()
    const subjects = [spec.subject, stranded]
    await jsm.streams.add({ name: spec.stream, subjects, retention: RetentionPolicy.Workqueue })
    await jsm.consumers.add(spec.stream, {
      durable_name: spec.durable,
      ack_policy: AckPolicy.Explicit,
      filter_subject: spec.subject,
    })
  })
  afterAll(async () => {
    await jsm.streams.delete(spec.stream)
    await nc.close()
  })

  test('leaves everything while a message is pending or unsettled, then purges what was passed by', async () => {
    await publish(stranded)
    await publish(spec.subject)
    expect(await run()).toBe(0)
    const held = await consumeOne()
    expect(await run()).toBe(0)
    held.nak(2_500)
    expect(await run()).toBe(0)
    const again = await consumeOne()
    again.nak()
    expect(await run()).toBe(0)
    expect(await messages()).toBe(2)
    expect(await (await consumeOne()).ackAck()).toBe(true)
    expect(await run()).toBe(1)
    expect(await messages()).toBe(0)
  })

  test('leaves what was published after the last delivery', async () => {
    await publish(stranded)
    expect(await run()).toBe(0)
    expect(await messages()).toBe(1)
  })

  test('leaves everything when deliveries went on between its two looks', async () => {
    await publish(spec.subject)
    await (await consumeOne()).ackAck()
    const swept = run()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await publish(spec.subject)
    await (await consumeOne()).ackAck()
    expect(await swept).toBe(0)
    expect(await messages()).toBe(1)
    await publish(stranded)
    expect(await run()).toBe(1)
    expect(await messages()).toBe(1)
  })
})

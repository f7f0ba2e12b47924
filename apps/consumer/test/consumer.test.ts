import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEventIds, HEADERS, type ChangeNotice, type StoredReply } from '@runnel/contracts'
import { encodeEvent } from '@runnel/messaging'
import { eventually } from '@runnel/testing'
import { startConsumer, type TestConsumer } from './start-consumer.ts'

const nextId = createEventIds()

describe('the consumer', () => {
  let consumer: TestConsumer

  beforeAll(async () => {
    consumer = await startConsumer()
  })
  afterAll(() => consumer.stop())

  const logs = (service: string) =>
    consumer.database.kysely
      .selectFrom('log')
      .selectAll()
      .where('service', '=', service)
      .orderBy('id')
      .execute()

  it('stores every event of an envelope under the id that it was admitted with', async () => {
    const ids = [nextId(), nextId(), nextId()]
    await consumer.publishEnvelope(
      'logs',
      ids.map((id, n) => encodeEvent(id, JSON.stringify({ service: 'envelope', n }))),
    )
    await consumer.settled()
    expect((await logs('envelope')).map(({ id }) => id)).toEqual(ids)
  })

  it('stores an envelope once that arrives twice', async () => {
    const events = [
      encodeEvent(nextId(), '{"service":"twice"}'),
      encodeEvent(nextId(), '{"service":"twice"}'),
    ]
    await consumer.publishEnvelope('logs', events)
    await consumer.publishEnvelope('logs', events)
    await consumer.settled()
    expect(await logs('twice')).toHaveLength(2)
    expect(await consumer.deadLetters()).toHaveLength(0)
  })

  it('drops the second event of a key', async () => {
    await consumer.publishEnvelope('logs', [
      encodeEvent(nextId(), '{"service":"keyed","n":1}', 'a key'),
      encodeEvent(nextId(), '{"service":"keyed","n":2}', 'a key'),
    ])
    await consumer.settled()
    expect(await logs('keyed')).toMatchObject([{ data: { n: 1 } }])
  })

  it('takes raw messages of third parties, with their own key', async () => {
    await consumer.publishRaw('logs', '{"service":"raw","eventId":"own"}', { [HEADERS.messageId]: 'first' })
    await consumer.publishRaw('metrics', '{"name":"bare","value":7,"tags":{"a":"b"}}')
    await consumer.publishRaw('metrics', '{"data":{"name":"wrapped","value":8}}')
    await consumer.settled()
    expect(await logs('raw')).toHaveLength(1)
    const metrics = await consumer.database.kysely.selectFrom('metric').selectAll().orderBy('name').execute()
    expect(metrics).toMatchObject([
      { name: 'bare', value: 7, tags: { a: 'b' }, extra: null },
      { name: 'wrapped', value: 8, data: { name: 'wrapped', value: 8 } },
    ])
  })

  it('understands the capitalised keys of raw products and notifies every replica', async () => {
    const notices: ChangeNotice[] = []
    consumer.broker.subscribe(consumer.topology.changes, (payload) =>
      notices.push(JSON.parse(Buffer.from(payload).toString()) as ChangeNotice),
    )
    await consumer.publishRaw(
      'products',
      '{"ID":0,"Name":"pen","Price":10,"Manufacturer":"bic","Colour":"blue"}',
    )
    await consumer.publishRaw('products', '{"ID":7,"Name":"cup","Price":2.5}')
    await consumer.settled()
    const products = await consumer.database.kysely.selectFrom('product').selectAll().orderBy('id').execute()
    expect(products).toMatchObject([
      { id: 7, name: 'cup', price: 2.5, manufacturer: null },
      { name: 'pen', price: 10, manufacturer: 'bic', attributes: { Colour: 'blue' } },
    ])
    await eventually(() => notices.flatMap(({ productIds }) => productIds).length >= 2)
    expect(notices.flatMap(({ productIds }) => productIds).sort()).toEqual(
      products.map(({ id }) => id).sort(),
    )
  })

  it('keeps its promoted columns clean of members with unexpected types', async () => {
    await consumer.publishRaw('logs', '{"service":"odd","level":30,"message":null,"timestamp":"soon"}')
    await consumer.settled()
    const [log] = await logs('odd')
    expect(log).toMatchObject({
      level: 'info',
      message: null,
      time_unread: true,
      data: { level: 30, message: null, timestamp: 'soon' },
    })
    expect(log!.occurred_at).toEqual(log!.received_at)
    expect(await consumer.metric('runnel_consumer_unread_times_total')).toBe(1)
  })

  it('fills the columns from what other loggers write, and keeps that as it was sent', async () => {
    const sent = { level: 50, time: 1_795_953_600_123, pid: 7, hostname: 'h', name: 'pino', msg: 'disk full' }
    await consumer.publishRaw('logs', JSON.stringify(sent))
    await consumer.settled()
    const [log] = await logs('pino')
    expect(log).toMatchObject({ level: 'error', message: 'disk full', time_unread: null, data: sent })
    expect(log!.occurred_at).toEqual(new Date(sent.time))
  })

  it('answers the inbox that an envelope names, once the rows are committed', async () => {
    const replies: StoredReply[] = []
    consumer.broker.subscribe(consumer.topology.inbox('test'), (payload) =>
      replies.push(JSON.parse(Buffer.from(payload).toString()) as StoredReply),
    )
    const [good, bad] = [nextId(), nextId()]
    await consumer.publishEnvelope(
      'logs',
      [encodeEvent(good, '{"service":"reply"}'), encodeEvent(bad, '"no object"')],
      { [HEADERS.replyTo]: consumer.topology.inbox('test') },
    )
    const reply = await eventually(() => replies[0])
    expect(reply.ids).toEqual([good, bad])
    expect(reply.deadLettered).toMatchObject([{ id: bad, reason: expect.stringContaining('invalid_field') }])
    expect(reply.position).toMatch(/^[\dA-F]+\/[\dA-F]+$/)
    expect(await logs('reply')).toHaveLength(1)
  })

  it('lets the broker order products, not the clocks of two replicas that are minutes apart', async () => {
    const [ahead, behind] = [120_000, -120_000].map((ms) => createEventIds(() => Date.now() + ms))
    const pen = (price: number) => `{"id":4712,"name":"pen","price":${price}}`
    await consumer.publishEnvelope('products', [encodeEvent(ahead!(), pen(1))])
    await consumer.publishEnvelope('products', [
      encodeEvent(behind!(), pen(2)),
      encodeEvent(behind!(), pen(3)),
    ])
    await consumer.settled()
    const find = () =>
      consumer.database.kysely.selectFrom('product').selectAll().where('id', '=', 4712).executeTakeFirst()
    expect(await find()).toMatchObject({ price: 3 })
    await consumer.publishRaw('products', '{"id":4712}', { [HEADERS.operation]: 'delete' })
    await consumer.settled()
    expect((await find())?.deleted_at).toBeInstanceOf(Date)
  })

  it('says of each event of an envelope what became of it', async () => {
    const replies: StoredReply[] = []
    consumer.broker.subscribe(consumer.topology.inbox('outcomes'), (payload) =>
      replies.push(JSON.parse(Buffer.from(payload).toString()) as StoredReply),
    )
    const send = async (...events: string[]) => {
      const before = replies.length
      await consumer.publishEnvelope('products', events, {
        [HEADERS.replyTo]: consumer.topology.inbox('outcomes'),
      })
      return eventually(() => replies[before])
    }
    const pen = (version: number) => `{"id":4711,"name":"pen","price":1,"version":${version}}`
    const [first, older, again, mug] = [nextId(), nextId(), nextId(), nextId()]
    expect(await send(encodeEvent(first, pen(2), 'k'))).toMatchObject({ ids: [first], deadLettered: [] })
    const reply = await send(
      encodeEvent(older, pen(1)),
      encodeEvent(again, pen(3), 'k'),
      encodeEvent(mug, '{"name":"mug 4711","price":1}'),
    )
    expect(reply).toEqual({
      position: expect.any(String),
      ids: [older, again, mug],
      deadLettered: [],
      superseded: [older],
      duplicates: [{ id: again, of: first }],
      products: [{ id: mug, productId: expect.any(Number) }],
    })
    const row = await consumer.database.kysely
      .selectFrom('product')
      .select('id')
      .where('name', '=', 'mug 4711')
      .executeTakeFirst()
    expect(reply.products?.[0]?.productId).toBe(row?.id)
  })

  it('gives an event from beyond its retention a new id, once', async () => {
    const ancient = createEventIds(() => Date.UTC(2001, 0, 1))()
    const future = createEventIds(() => Date.now() + 3_600_000)()
    const events = [ancient, future].map((id) => encodeEvent(id, '{"service":"ancient"}'))
    await consumer.publishEnvelope('logs', events)
    await consumer.publishEnvelope('logs', events)
    await consumer.settled()
    const stored = await logs('ancient')
    expect(stored).toHaveLength(2)
    for (const { received_at } of stored)
      expect(Math.abs(received_at.getTime() - Date.now())).toBeLessThan(60_000)
  })

  it('stores an event of yesterday, whose partition does not exist yet', async () => {
    await consumer.publishEnvelope('logs', [
      encodeEvent(createEventIds(() => Date.now() - 86_400_000)(), '{"service":"yesterday"}'),
    ])
    await consumer.settled()
    expect(await logs('yesterday')).toHaveLength(1)
  })

  it('shows what lies at the broker, and what became of the events, to Prometheus', async () => {
    await consumer.publishRaw('logs', '{"service":"scraped"}')
    await consumer.settled()
    const { body } = await consumer.http.inject('/metrics')
    for (const name of ['pending_messages', 'unsettled_messages', 'stream_messages', 'stream_bytes']) {
      for (const kind of ['logs', 'metrics', 'products']) {
        expect(body).toContain(`runnel_broker_${name}{kind="${kind}",app="consumer"} 0`)
      }
    }
    expect(body).toMatch(/runnel_consumer_events_total\{kind="logs",outcome="stored",app="consumer"\} [1-9]/)
    expect(body).toMatch(/runnel_consumer_lag_seconds\{kind="logs",app="consumer"\} \d/)
  })
})

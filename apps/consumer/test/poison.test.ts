import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEventIds, HEADERS, type Kind } from '@runnel/contracts'
import { encodeEvent } from '@runnel/messaging'
import { sql } from 'kysely'
import { startConsumer, type TestConsumer } from './start-consumer.ts'

const nextId = createEventIds()

describe('poison', () => {
  let consumer: TestConsumer

  beforeAll(async () => {
    consumer = await startConsumer()
  })
  afterAll(() => consumer.stop())

  const reasonOf = async (id: string) =>
    (await consumer.deadLetters()).find((letter) => letter.source_id === id)?.reason

  const garbage: [string, string | Uint8Array, Kind, RegExp][] = [
    ['text that is no JSON', 'hello', 'logs', /bad_json/],
    ['nothing', '', 'metrics', /bad_json/],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'logs', /bad_encoding/],
    ['a NUL character', '{"a":"\\u0000"}', 'logs', /nul_character/],
    ['a NUL character in a name', '{"\\u0000":1}', 'logs', /nul_character/],
    ['a lone surrogate', '{"a":"\\ud800"}', 'logs', /lone_surrogate/],
    ['an exponent beyond 400', '{"data":{"value":1e401}}', 'metrics', /number_out_of_range/],
    ['a number of 101 digits', `{"a":${'9'.repeat(101)}}`, 'logs', /number_out_of_range/],
    ['numbers that are long written out', `{"a":[${'1e400,'.repeat(9_999)}1]}`, 'logs', /body_too_large/],
    ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000), 'logs', /too_deep/],
    ['deep nesting of objects', '{"a":'.repeat(70) + '1' + '}'.repeat(70), 'logs', /too_deep/],
    ['an array where an object belongs', '[1]', 'logs', /invalid_field/],
    ['a product without a name', '{"ID":3,"Price":1}', 'products', /missing_field/],
    ['a product with a text as its price', '{"Name":"x","Price":"cheap"}', 'products', /invalid_field/],
    ['a metric whose value is a text', '{"name":"x","value":"high"}', 'metrics', /invalid_field/],
    [
      'a name that is too long for its index',
      `{"data":{"name":"${'ü'.repeat(300)}"}}`,
      'metrics',
      /text_too_long/,
    ],
    ['a megabyte of blanks', ' '.repeat(1_000_000), 'logs', /bad_json/],
  ]

  it.each(garbage)(
    'of the form "%s" goes to the dead letters with its reason',
    async (_, payload, kind, reason) => {
      const before = (await consumer.deadLetters()).length
      await consumer.publishRaw(kind, payload)
      await consumer.settled()
      const letters = (await consumer.deadLetters()).slice(before)
      expect(letters).toHaveLength(1)
      expect(letters[0]!.reason).toMatch(reason)
      expect(letters[0]!.payload.equals(Buffer.from(payload as string))).toBe(true)
    },
  )

  it('takes a megabyte of honest payload', async () => {
    await consumer.publishRaw('logs', JSON.stringify({ service: 'large', message: 'x'.repeat(900_000) }))
    await consumer.settled()
    const [log] = await consumer.database.kysely
      .selectFrom('log')
      .selectAll()
      .where('service', '=', 'large')
      .execute()
    expect(log!.message).toHaveLength(900_000)
  })

  it('keeps its neighbours of the same envelope, wherever it stands', async () => {
    const ids = Array.from({ length: 300 }, () => nextId())
    const bad = new Set([0, 1, 150, 298])
    await consumer.publishEnvelope(
      'logs',
      ids.map((id, n) => encodeEvent(id, bad.has(n) ? '{"a":"\\u0000"}' : '{"service":"neighbour"}')),
    )
    await consumer.settled()
    const stored = await consumer.database.kysely
      .selectFrom('log')
      .selectAll()
      .where('service', '=', 'neighbour')
      .execute()
    expect(stored).toHaveLength(296)
    for (const n of bad) expect(await reasonOf(ids[n]!)).toMatch(/nul_character/)
  })

  it('that only PostgreSQL recognises is found by bisecting', async () => {
    await sql`alter table product add constraint no_thirteen check (price <> 13)`.execute(
      consumer.database.kysely,
    )
    const ids = Array.from({ length: 64 }, () => nextId())
    await consumer.publishEnvelope(
      'products',
      ids.map((id, n) => encodeEvent(id, JSON.stringify({ id: n + 1, name: 'p', price: n === 40 ? 13 : 1 }))),
    )
    await consumer.settled()
    const stored = await consumer.database.kysely
      .selectFrom('product')
      .selectAll()
      .where('name', '=', 'p')
      .execute()
    expect(stored).toHaveLength(63)
    expect(await reasonOf(ids[40]!)).toMatch(/23514.*no_thirteen/)
  })

  it('of a malformed envelope goes to the dead letters as a whole', async () => {
    const before = (await consumer.deadLetters()).length
    await consumer.publishRaw('logs', '{"events":7}', { [HEADERS.envelope]: '1' })
    await consumer.publishRaw('logs', '{"events":[7,{"id":"x"},{"id":"' + nextId() + '","data":{}}]}', {
      [HEADERS.envelope]: '1',
    })
    await consumer.settled()
    const letters = (await consumer.deadLetters()).slice(before)
    expect(letters.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('/events'),
      expect.stringContaining('/events/0'),
      expect.stringContaining('/events/1'),
    ])
  })

  it('that is redelivered counts one attempt more, and no second letter', async () => {
    const id = nextId()
    await consumer.publishEnvelope('logs', [encodeEvent(id, '3')])
    await consumer.publishEnvelope('logs', [encodeEvent(id, '3')])
    await consumer.settled()
    const letters = (await consumer.deadLetters()).filter((letter) => letter.source_id === id)
    expect(letters).toMatchObject([{ attempts: 2 }])
  })

  it('that was not poison after all can be replayed from what was kept of it', async () => {
    const id = nextId()
    await sql`alter table metric add constraint no_huge check (value < 1e19)`.execute(
      consumer.database.kysely,
    )
    await consumer.publishEnvelope('metrics', [encodeEvent(id, '{"data":{"name":"huge","value":1e20}}')])
    await consumer.settled()
    expect(await reasonOf(id)).toMatch(/no_huge/)
    await sql`alter table metric drop constraint no_huge`.execute(consumer.database.kysely)
    const letter = (await consumer.deadLetters()).find(({ source_id }) => source_id === id)!
    await consumer.publishRaw('metrics', letter.payload, { [HEADERS.eventId]: id })
    await consumer.settled()
    expect(await reasonOf(id)).toBeUndefined()
    const stored = await consumer.database.kysely
      .selectFrom('metric')
      .selectAll()
      .where('name', '=', 'huge')
      .execute()
    expect(stored).toMatchObject([{ id, value: 1e20 }])
  })

  it('that was mended leaves the dead letters when it is replayed', async () => {
    const id = nextId()
    await consumer.publishEnvelope('logs', [encodeEvent(id, '3')])
    await consumer.settled()
    // As if a later version read what it was; other bytes than its own remove no letter.
    const payload = Buffer.from('{"service":"mended"}')
    await consumer.database.kysely
      .updateTable('dead_letter')
      .set({ payload })
      .where('source_id', '=', id)
      .execute()
    await consumer.publishRaw('logs', payload, { [HEADERS.eventId]: id })
    await consumer.settled()
    expect(await reasonOf(id)).toBeUndefined()
    const stored = await consumer.database.kysely
      .selectFrom('log')
      .selectAll()
      .where('service', '=', 'mended')
      .execute()
    expect(stored).toMatchObject([{ id }])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEventIds, encodeBrokerPosition, eventTimeMs, HEADERS, type Kind } from '@runnel/contracts'
import { encodeEvent } from '@runnel/messaging'
import { findDeadLetter, listDeadLetters, type StoredDeadLetter } from '@runnel/repositories-events'
import { createHash } from 'node:crypto'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { startConsumer, type TestConsumer } from './start-consumer.ts'

const DAY_MS = 86_400_000
const nextId = createEventIds()

/** The broker gives what comes now a later time. */
async function nextMillisecond(): Promise<void> {
  const nowMs = Date.now()
  await eventually(() => Date.now() > nowMs)
}

describe('a replayed dead letter', () => {
  let consumer: TestConsumer

  beforeAll(async () => {
    consumer = await startConsumer()
  })
  afterAll(() => consumer.stop())

  beforeEach(async () => {
    const { kysely } = consumer.database
    for (const table of ['dead_letter', 'log', 'metric', 'product', 'product_event', 'event_key'] as const) {
      await kysely.deleteFrom(table).execute()
    }
  })

  const listed = async (reason?: string) =>
    (await listDeadLetters(consumer.database, { reason }, { limit: 10, maxBytes: 1e6 })).items

  /** While the table refuses everything, all that comes becomes a dead letter. */
  async function whileRefusing(table: string, work: () => Promise<void>): Promise<StoredDeadLetter[]> {
    const { kysely } = consumer.database
    await sql`alter table ${sql.table(table)} add constraint refused check (id is null) not valid`.execute(
      kysely,
    )
    await work()
    await consumer.settled()
    await sql`alter table ${sql.table(table)} drop constraint refused`.execute(kysely)
    return (await listed()).reverse()
  }

  /** As ingest-api does. */
  async function replay(letter: StoredDeadLetter, changes: Record<string, string> = {}): Promise<void> {
    const { form, key, operation, position, receivedAt, sourceId } = letter
    const isWhole = form === 'entry' || form === 'envelope'
    await consumer.publishRaw(
      letter.kind as Kind,
      form === 'entry' ? `{"events":[${letter.payload.toString()}]}` : letter.payload,
      {
        [HEADERS.eventId]: sourceId,
        [HEADERS.operation]: operation,
        ...(form === 'item' && { [HEADERS.form]: form }),
        ...(isWhole && { [HEADERS.envelope]: '1' }),
        ...(receivedAt && { [HEADERS.receivedAt]: String(receivedAt.getTime()) }),
        ...(position && { [HEADERS.position]: encodeBrokerPosition(position) }),
        ...(key !== null && { [HEADERS.eventKey]: encodeURIComponent(key) }),
        ...changes,
      },
    )
    await consumer.settled()
  }

  /** The same letter, as if all of it had happened so long ago. */
  async function age(letter: StoredDeadLetter, ms: number): Promise<StoredDeadLetter> {
    const thenMs = eventTimeMs(letter.sourceId) - ms
    const sourceId = createEventIds(() => thenMs)()
    await consumer.database.kysely
      .updateTable('dead_letter')
      .set({ source_id: sourceId, received_at: new Date(thenMs), position_ms: thenMs })
      .where('id', '=', letter.id)
      .execute()
    return (await findDeadLetter(consumer.database, letter.id))!
  }

  const rowsOf = (table: 'log' | 'metric' | 'product') =>
    consumer.database.kysely.selectFrom(table).selectAll().orderBy('id').execute()

  it('that was edited is stored with its new text, and leaves by the hash of the old one', async () => {
    await consumer.publishRaw('logs', '{"message":"cut')
    await consumer.settled()
    const [letter] = await listed()
    const edited = { ...letter!, payload: Buffer.from('{"message":"whole"}') }
    await replay(edited, { [HEADERS.letterHash]: createHash('sha256').update(letter!.payload).digest('hex') })
    expect(await listed()).toEqual([])
    const rows = await consumer.database.kysely.selectFrom('log').select(['id', 'message']).execute()
    expect(rows).toEqual([{ id: letter!.sourceId, message: 'whole' }])
  })

  it('of a POSTed metric is no bare metric of a third party', async () => {
    const sent = '{"data":{"name":"wrapped","value":1},"value":5}'
    const letters = await whileRefusing('metric', async () => {
      await consumer.publishEnvelope('metrics', [encodeEvent(nextId(), sent)])
      // Two messages at a time may be under way: the letters come in the order in which these end.
      await consumer.settled()
      await consumer.publishRaw('metrics', sent)
    })
    expect(letters.map(({ form }) => form)).toEqual(['item', 'message'])
    for (const letter of letters) await replay(letter)
    expect(await rowsOf('metric')).toMatchObject([
      { id: letters[0]!.sourceId, name: 'wrapped', value: 1, extra: { value: 5 } },
      { id: letters[1]!.sourceId, name: 'value', value: 5, extra: null },
    ])
    expect(await consumer.deadLetters()).toEqual([])
  })

  it.each([
    ['within', DAY_MS],
    ['beyond', 40 * DAY_MS],
  ])(
    'whose id lies %s what is kept occurred when it was first received, and is one row',
    async (_, agoMs) => {
      const [fresh] = await whileRefusing('log', () =>
        consumer.publishEnvelope('logs', [encodeEvent(nextId(), '{"service":"late"}')]),
      )
      const letter = await age(fresh!, agoMs)
      await replay(letter)
      await replay(letter)
      const rows = await rowsOf('log')
      expect(rows).toMatchObject([{ occurred_at: letter.receivedAt, data: { service: 'late' } }])
      expect(await consumer.deadLetters()).toEqual([])
    },
  )

  it.each([
    ['within', DAY_MS],
    ['beyond', 40 * DAY_MS],
  ])('whose id lies %s what is kept overwrites no newer price', async (_, agoMs) => {
    const [fresh] = await whileRefusing('product_event', () =>
      consumer.publishRaw('products', '{"id":1,"name":"pen","price":1}'),
    )
    const letter = await age(fresh!, agoMs)
    await consumer.publishRaw('products', '{"id":1,"name":"pen","price":2}')
    await consumer.settled()
    await replay(letter)
    expect(await rowsOf('product')).toMatchObject([{ price: 2 }])
    expect(await consumer.database.kysely.selectFrom('product_event').selectAll().execute()).toHaveLength(2)
  })

  it('is the newest price where nothing newer came', async () => {
    await consumer.publishRaw('products', '{"id":1,"name":"pen","price":1}')
    await consumer.settled()
    await nextMillisecond()
    const [letter] = await whileRefusing('product_event', () =>
      consumer.publishRaw('products', '{"id":1,"name":"pen","price":2}'),
    )
    await replay(letter!)
    expect(await rowsOf('product')).toMatchObject([{ price: 2 }])
  })

  it('of a version before this one, without further headers, goes by the time of its id', async () => {
    const [fresh] = await whileRefusing('product_event', () =>
      consumer.publishRaw('products', '{"id":1,"name":"pen","price":1}'),
    )
    const letter = await age(fresh!, 40 * DAY_MS)
    await consumer.publishRaw('products', '{"id":1,"name":"pen","price":2}')
    await consumer.settled()
    await replay({ ...letter, form: null, receivedAt: null, position: null })
    expect(await rowsOf('product')).toMatchObject([{ price: 2 }])
  })

  it('keeps when and where it was first received, however often it fails', async () => {
    const text = '3'
    const [letter] = await whileRefusing('log', () =>
      consumer.publishEnvelope('logs', [encodeEvent(nextId(), '{}'), encodeEvent(nextId(), text, 'k')]),
    ).then((letters) => letters.filter(({ key }) => key === 'k'))
    expect(letter!.receivedAt!.getTime()).toBe(eventTimeMs(letter!.sourceId))
    expect(letter!.position).toMatchObject({ tie: expect.any(Number), index: 1 })
    await replay(letter!)
    await replay({ ...letter!, receivedAt: null, position: null })
    const [after] = await listed('invalid_field')
    expect(after).toMatchObject({ attempts: 3, receivedAt: letter!.receivedAt, position: letter!.position })
    expect(after).toMatchObject({ key: 'k', form: 'item' })
  })

  it('that was to delete a product, and could not be read, remains a deletion', async () => {
    const [letter] = await whileRefusing('product_event', async () => {
      await consumer.publishRaw('products', '{"id":', { [HEADERS.operation]: 'delete' })
    })
    expect(letter).toMatchObject({ operation: 'delete' })
  })

  it.each(['item', 'message'] as const)(
    'of %s whose key names another event is stored under its id, once, when a person wants both',
    async (form) => {
      const item = (n: number) => `{"eventId":"k","service":"reused","n":${n}}`
      const send = (n: number) =>
        form === 'item'
          ? consumer.publishEnvelope('logs', [
              encodeEvent(nextId(), item(n), 'k', undefined, String(n).repeat(43)),
            ])
          : consumer.publishRaw('logs', item(n), { [HEADERS.eventKey]: 'k' })
      for (const n of [1, 2]) {
        await send(n)
        await consumer.settled()
      }
      const [letter] = await listed('idempotency_key_reused')
      expect(letter).toMatchObject({ form, key: 'k', code: 'idempotency_key_reused' })
      const own = { ...letter!, key: letter!.sourceId }
      await replay(own)
      await replay(own)
      expect(await consumer.deadLetters()).toEqual([])
      expect((await rowsOf('log')).map(({ data }) => data)).toEqual([
        JSON.parse(item(1)),
        JSON.parse(item(2)),
      ])
      // The key goes on naming the first one.
      await send(1)
      await consumer.settled()
      expect(await rowsOf('log')).toHaveLength(2)
    },
  )

  it('of a malformed entry, or of an envelope that could not be read, is read as such again', async () => {
    const entry = `{"id":"${nextId()}","op":"merge","data":{"service":"entry"}}`
    await consumer.publishEnvelope('logs', [entry])
    await consumer.settled()
    await consumer.publishRaw('logs', '{"events":7}', { [HEADERS.envelope]: '1' })
    await consumer.settled()
    const letters = (await listed()).reverse()
    expect(letters.map(({ form }) => form)).toEqual(['entry', 'envelope'])
    for (const letter of letters) await replay(letter)
    expect(await listed()).toMatchObject([{ attempts: 2 }, { attempts: 2 }])
    expect(await rowsOf('log')).toEqual([])
    // As a later version might read them.
    const mended = () => `{"id":"${nextId()}","data":{"service":"mended"}}`
    const payloads = [mended(), `{"events":[${mended()}]}`].map((text) => Buffer.from(text))
    for (const [index, payload] of payloads.entries()) {
      const letter = { ...letters[index]!, payload }
      await consumer.database.kysely
        .updateTable('dead_letter')
        .set({ payload })
        .where('id', '=', letter.id)
        .execute()
      await replay(letter)
    }
    expect(await rowsOf('log')).toMatchObject([{ service: 'mended' }, { service: 'mended' }])
    expect(await consumer.deadLetters()).toEqual([])
  })

  it.each<[string, Record<string, string>]>([
    ['a time to come', { [HEADERS.receivedAt]: String(Date.UTC(2100, 0)) }],
    ['a time that is no number', { [HEADERS.receivedAt]: '1e400' }],
    ['a position to come', { [HEADERS.position]: `${Date.UTC(2100, 0)}.1.0` }],
    ['a position that is no position', { [HEADERS.position]: '1.2' }],
  ])('that claims %s counts as of now at the latest', async (_, claim) => {
    const id = nextId()
    await consumer.publishRaw('products', '{"id":1,"name":"pen","price":1}', {
      [HEADERS.eventId]: id,
      ...claim,
    })
    await nextMillisecond()
    await consumer.publishRaw('products', '{"id":1,"name":"pen","price":2}')
    await consumer.settled()
    expect(await rowsOf('product')).toMatchObject([{ price: 2 }])
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createEventIds, HEADERS } from '@runnel/contracts'
import { encodeEvent } from '@runnel/messaging'
import { startConsumer, type TestConsumer } from './start-consumer.ts'

const nextId = createEventIds()

describe('a publisher that knows the protocol', () => {
  let consumer: TestConsumer
  let serial = 0

  beforeAll(async () => {
    consumer = await startConsumer()
  })
  afterAll(() => consumer.stop())

  const logsOf = (service: string) =>
    consumer.database.kysely.selectFrom('log').selectAll().where('service', '=', service).execute()
  const letterOf = async (payload: string) =>
    (await consumer.deadLetters()).find((letter) => letter.payload.toString() === payload)

  /** @returns the id of a dead letter with that payload */
  async function bury(payload: string): Promise<string> {
    await consumer.publishRaw('logs', payload)
    await consumer.settled()
    return (await letterOf(payload))!.source_id
  }

  it.each(['$JS.API.STREAM.PURGE.logs', 'a b c', 'runnel.changes', 'runnel.inbox.*', 'runnel.inbox.a.b', ''])(
    'has no answer sent to %j, and the event is stored',
    async (replyTo) => {
      const received: string[] = []
      const stop = consumer.broker.subscribe(replyTo, (payload) =>
        received.push(Buffer.from(payload).toString()),
      )
      const service = `reply-${serial++}`
      await consumer.publishRaw('logs', JSON.stringify({ service }), { [HEADERS.replyTo]: replyTo })
      await consumer.settled()
      expect(await logsOf(service)).toHaveLength(1)
      expect(received.filter((text) => text.includes('deadLettered'))).toEqual([])
      stop()
      const metrics = await consumer.http.inject('/metrics')
      expect(metrics.body).toMatch(
        /runnel_consumer_ignored_headers_total\{kind="logs",header="Runnel-Reply-To",app="consumer"\} [1-9]/,
      )
    },
  )

  it('removes no dead letter by another event under its id, in a message or in an envelope', async () => {
    const payload = `bad ${serial++}`
    const sourceId = await bury(payload)
    await consumer.publishRaw('logs', '{"service":"thief"}', { [HEADERS.eventId]: sourceId })
    await consumer.publishEnvelope('logs', [encodeEvent(sourceId, '{"service":"thief"}')], {
      [HEADERS.eventId]: sourceId,
    })
    await consumer.publishRaw('logs', '{"service":"guesser"}', {
      [HEADERS.eventId]: sourceId,
      [HEADERS.letterHash]: '0'.repeat(64),
    })
    await consumer.settled()
    expect(await letterOf(payload)).toMatchObject({ source_id: sourceId, attempts: 1 })
  })

  it('changes no dead letter by bad bytes under its id: they are a letter of their own', async () => {
    const [payload, other] = [`bad ${serial++}`, `worse ${serial++}`]
    const sourceId = await bury(payload)
    for (const _ of [1, 2]) await consumer.publishRaw('logs', other, { [HEADERS.eventId]: sourceId })
    await consumer.settled()
    expect(await letterOf(payload)).toMatchObject({ source_id: sourceId, attempts: 1 })
    expect(await letterOf(other)).toMatchObject({ attempts: 2 })
  })

  it('cannot make a replay vanish behind another event under its id', async () => {
    const payload = `{"service":"victim","n":${serial++}}`
    const sourceId = nextId()
    const letter = {
      ...{
        source_id: sourceId,
        kind: 'logs',
        subject: 'logs',
        payload: Buffer.from(payload),
        reason: 'a test',
      },
      ...{
        operation: 'upsert' as const,
        attempts: 1,
        first_failed_at: new Date(),
        last_failed_at: new Date(),
      },
    }
    await consumer.database.kysely.insertInto('dead_letter').values(letter).execute()
    await consumer.publishEnvelope('logs', [encodeEvent(sourceId, '{"service":"squatter"}')])
    await consumer.settled()
    await consumer.publishRaw('logs', payload, { [HEADERS.eventId]: sourceId })
    await consumer.settled()
    expect(await letterOf(payload)).toMatchObject({
      source_id: sourceId,
      attempts: 2,
      reason: expect.stringMatching(/^event_id_taken: /),
    })
  })

  it.each([HEADERS.messageId, HEADERS.eventKey])('shares no key by an empty %s', async (header) => {
    const service = `empty-${serial++}`
    for (const n of [1, 2])
      await consumer.publishRaw('logs', JSON.stringify({ service, n }), { [header]: '' })
    await consumer.settled()
    // The memory broker itself takes an empty message id for an id.
    expect((await logsOf(service)).length).toBe(header === HEADERS.messageId ? 1 : 2)
  })

  it('has a long message id count as a key', async () => {
    const service = `long-${serial++}`
    const headers = { [HEADERS.messageId]: 'x'.repeat(5000) }
    await consumer.publishRaw('logs', JSON.stringify({ service }), headers)
    await consumer.settled()
    expect(await logsOf(service)).toHaveLength(1)
  })

  it('deletes in capitals, and deletes nothing by a word that is no operation', async () => {
    const publish = async (operation: string, product: object) => {
      await consumer.publishRaw('products', JSON.stringify(product), { [HEADERS.operation]: operation })
      await consumer.settled()
    }
    const find = () =>
      consumer.database.kysely.selectFrom('product').selectAll().where('id', '=', 4711).executeTakeFirst()
    await publish('UPSERT', { id: 4711, name: 'pen', price: 1 })
    await publish('remove', { id: 4711 })
    expect(await find()).toMatchObject({ deleted_at: null })
    expect(await letterOf('{"id":4711}')).toMatchObject({
      reason: expect.stringMatching(/^invalid_field: .*Runnel-Operation/),
      // As it was sent: who replays it must not turn it into an upsert.
      operation: 'remove',
    })
    await publish('DELETE', { id: 4711 })
    expect((await find())?.deleted_at).toBeInstanceOf(Date)
  })

  it('deletes no log: it is kept among the dead letters', async () => {
    const payload = `{"service":"gone","n":${serial++}}`
    await consumer.publishRaw('logs', payload, { [HEADERS.operation]: 'delete' })
    await consumer.settled()
    expect(await logsOf('gone')).toEqual([])
    expect((await letterOf(payload))?.reason).toMatch(/Only products can be deleted/)
  })

  it('uses a key for another event: kept among the dead letters, and stored under its key by no replay', async () => {
    const service = `key-${serial++}`
    const [first, second] = [1, 2].map((n) => JSON.stringify({ service, n }))
    const headers = { [HEADERS.eventKey]: service }
    for (const payload of [first!, second!, first!]) {
      await consumer.publishRaw('logs', payload, headers)
      await consumer.settled()
    }
    await consumer.settled()
    expect(await logsOf(service)).toMatchObject([{ data: { n: 1 } }])
    expect((await letterOf(second!))?.reason).toMatch(/^idempotency_key_reused: /)
  })
})

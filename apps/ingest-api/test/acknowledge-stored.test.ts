import { describe, expect, it } from '@jest/globals'
import { HEADERS, isJsonObject } from '@runnel/contracts'
import { connectBroker, PublishRefusedError } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { connectDatabase } from '@runnel/repositories-database'
import { listDeadLetters, storeDeadLetters } from '@runnel/repositories-events'
import { createTestDatabase } from '@runnel/testing'
import { expectProblem } from './expect-problem.ts'
import { startIngest, type ConsumedEvent, type IngestOptions } from './ingest.ts'

/** Keeps quiet about `silent`, buries `dead`. */
function decide({ data }: ConsumedEvent) {
  const member = (name: string) => (isJsonObject(data) ? data[name] : undefined)
  if (member('silent') !== undefined) return 'silent' as const
  return member('dead') === undefined ? ('stored' as const) : { deadLettered: 'cannot be stored' }
}

const start = (options: IngestOptions = {}) => startIngest({ acknowledge: 'stored', decide, ...options })

describe('over a broker that forgets', () => {
  it('says what became of each event, for it waited for that', async () => {
    await using ingest = await start()
    const answer = await ingest.post('/log', { n: 1 })
    expect([answer.statusCode, answer.body]).toEqual([200, '{"status":"stored"}'])
    expect(answer.headers['event-id']).toBe(ingest.consumed[0]?.id)
    expect((await ingest.post('/log?wait=stored', { n: 1 })).body).toBe('{"status":"stored"}')
    const batch = await ingest.post('/api/v1/metrics', [{ data: {} }, 5])
    expect([batch.statusCode, batch.json()]).toMatchObject([200, { status: 'stored', accepted: 1 }])
  })

  it.each(['POST', 'DELETE'] as const)(
    'says of a %s that was superseded so, without being asked',
    async (method) => {
      await using ingest = await start({ decide: () => 'superseded' })
      const answer =
        method === 'POST'
          ? await ingest.post('/api/v1/products', { id: 5, name: 'pen', price: 1 })
          : await ingest.inject({ method, url: '/api/v1/products/5' })
      expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'superseded' }])
    },
  )

  it.each(['/log', '/log?wait=stored'])('answers 503 on %s when no word comes in time', async (url) => {
    await using ingest = await start()
    const answer = await ingest.post(url, { silent: 1 })
    expectProblem(answer, 503, 'database_unavailable')
    expect(answer.headers['retry-after']).toBe('1')
  })

  it('answers 503 to a deletion of which no word comes', async () => {
    await using ingest = await start({ decide: () => 'silent' })
    const answer = await ingest.inject({ method: 'DELETE', url: '/api/v1/products/5' })
    expectProblem(answer, 503, 'database_unavailable')
  })

  it('answers 202 for a dead letter, which is kept, and 422 only to who asked for the row', async () => {
    await using ingest = await start()
    expect((await ingest.post('/log', { dead: 1 })).statusCode).toBe(202)
    expectProblem(await ingest.post('/log?wait=stored', { dead: 1 }), 422, 'dead_lettered')
    expect((await ingest.post('/log', [{ dead: 1 }, {}])).json()).toMatchObject({ accepted: 2, rejected: [] })
  })

  it('names the items of a batch that are settled when no word comes of others', async () => {
    await using ingest = await start()
    const answer = await ingest.post('/log', [{}, 5, { silent: 1 }, { dead: 1 }])
    expect(expectProblem(answer, 503, 'partly_accepted')['accepted']).toEqual([0, 3])
  })

  it('does not count what only the broker has confirmed of a batch', async () => {
    const broker = await connectBroker('memory:', { name: 'test', log: createLogger('test', 'silent') })
    const publish = broker.publish.bind(broker)
    let published = 0
    broker.publish = async (message, timeoutMs) => {
      if (++published > 1) throw new PublishRefusedError('full')
      await publish(message, timeoutMs)
    }
    await using ingest = await start({ broker, decide: () => 'silent' })
    const items = Array.from({ length: 1000 }, (_, n) => ({ n }))
    expect((await ingest.post('/log', items)).json()).not.toHaveProperty('accepted')
    await broker.close()
  })
})

describe('a dead letter that is replayed over a broker that forgets', () => {
  it('is acknowledged only by the word of the consumer, and waits on for a person without it', async () => {
    await using made = await createTestDatabase()
    const database = connectDatabase({
      url: made.url,
      applicationName: 'test',
      poolSize: 1,
      statementTimeoutMs: 5000,
    })
    const ingest = await start({ databaseUrl: made.url, consuming: false })
    const sourceId = '0190a000-0000-7000-8000-000000000000'
    const letter = { kind: 'logs', subject: 'logs', payload: Buffer.from('{}'), reason: 'x' }
    await storeDeadLetters(database, [
      { ...letter, sourceId, operation: 'upsert', form: 'message', receivedAtMs: Date.now() },
    ])
    const replay = () => ingest.inject({ method: 'POST', url: '/api/v1/dead-letters/1/replay' })
    expectProblem(await replay(), 503, 'database_unavailable')
    const waiting = await listDeadLetters(database, { replayed: false }, { limit: 10, maxBytes: 1e6 })
    expect(waiting.items).toHaveLength(1)
    const publish = ingest.broker.publish.bind(ingest.broker)
    ingest.broker.publish = async (message, timeoutMs) => {
      await publish(message, timeoutMs)
      const reply = { ids: [sourceId], deadLettered: [] }
      ingest.broker.send(message.headers[HEADERS.replyTo]!, Buffer.from(JSON.stringify(reply)))
    }
    expect((await replay()).json()).toEqual({ status: 'ok', replayed: 1 })
    await ingest[Symbol.asyncDispose]()
    await database.close()
  })
})

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEventIds, createTopology, hashItemText, HEADERS } from '@runnel/contracts'
import { hash } from 'node:crypto'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import {
  type DeadLetter,
  type DeadLetterFilter,
  listDeadLetters,
  storeDeadLetters,
} from '@runnel/repositories-events'
import { createTestDatabase, eventually, type TestDatabase } from '@runnel/testing'
import { streamSpecs, type Message } from '@runnel/messaging'
import { loadConfig } from '../src/config.ts'
import { expectProblem } from './expect-problem.ts'
import { startIngest, type Ingest } from './ingest.ts'
import { withKey } from './with-key.ts'

const nextId = createEventIds()
let testDatabase: TestDatabase
let database: Database
let ingest: Ingest

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  const { url } = testDatabase
  database = connectDatabase({ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 5000 })
})

afterAll(async () => {
  await database.close()
  await testDatabase.drop()
})

beforeEach(async () => {
  await database.kysely.deleteFrom('dead_letter').execute()
})

function letter(members: Partial<DeadLetter> = {}): DeadLetter {
  return {
    sourceId: nextId(),
    kind: 'logs',
    subject: 'logs',
    payload: Buffer.from('{"n":1}'),
    reason: 'bad_json: no',
    operation: 'upsert',
    form: 'message',
    receivedAtMs: Date.now(),
    ...members,
  }
}

interface Page {
  readonly items: readonly Record<string, unknown>[]
  readonly nextCursor: string | null
}

const listed = async (filter: DeadLetterFilter, limit: number) =>
  (await listDeadLetters(database, filter, { limit, maxBytes: 1e9 })).items
const list = async (query = '') => (await ingest.inject(`/api/v1/dead-letters${query}`)).json<Page>()
const replay = (id: unknown, payload?: object) =>
  ingest.inject({ method: 'POST', url: `/api/v1/dead-letters/${String(id)}`, ...(payload && { payload }) })

/** Messages that reach the stream of logs. */
function watchLogs(): Message[] {
  const seen: Message[] = []
  const spec = streamSpecs(createTopology(''), loadConfig({}).streams).logs
  const closing = new AbortController()
  void ingest.broker.consumer(spec).run({
    limits: { maxMessages: 100, maxBytes: 1e6, lingerMs: 0 },
    concurrency: 1,
    signal: closing.signal,
    retryDelayMs: 10,
    handle: async (batch) => batch.forEach((message) => (message.ack(), seen.push(message))),
  })
  return seen
}

describe('the dead letters', () => {
  beforeEach(async () => {
    ingest = await startIngest({ databaseUrl: testDatabase.url, consuming: false })
  })
  afterEach(async () => ingest[Symbol.asyncDispose]())

  it('are listed the newest first, page by page', async () => {
    await storeDeadLetters(
      database,
      Array.from({ length: 5 }, (_, i) => letter({ reason: `reason ${i}` })),
    )
    const reasons: unknown[] = []
    let query = '?limit=2'
    for (let pages = 1; ; pages++) {
      const { items, nextCursor } = await list(query)
      reasons.push(...items.map(({ reason }) => reason))
      if (nextCursor === null) {
        expect(pages).toBe(3)
        break
      }
      query = `?limit=2&cursor=${nextCursor}`
    }
    expect(reasons).toEqual(['reason 4', 'reason 3', 'reason 2', 'reason 1', 'reason 0'])
    // The cursors of the version before.
    const [, second] = (await list()).items
    expect((await list(`?cursor=${second!.id}`)).items).toHaveLength(3)
  })

  it('show their bytes as text, or as base64 where they are none', async () => {
    const bytes = Buffer.from([0xff, 0x00])
    await storeDeadLetters(database, [letter({ key: 'k' }), letter({ payload: bytes })])
    const { items } = await list()
    expect(items).toMatchObject([
      { payload: bytes.toString('base64'), payloadEncoding: 'base64', key: null },
      { payload: '{"n":1}', payloadEncoding: 'utf8', key: 'k', attempts: 1, replayedAt: null },
    ])
  })

  it('are filtered by kind, reason, time and whether they were replayed', async () => {
    await storeDeadLetters(database, [
      letter(),
      letter({ kind: 'metrics', subject: 'metrics', reason: '100% odd_' }),
    ])
    const count = async (query: string) => (await list(query)).items.length
    expect(await count('?kind=metrics')).toBe(1)
    expect(await count('?reason=100%25%20odd_')).toBe(1)
    expect(await count('?reason=%25')).toBe(1)
    expect(await count('?reason=%00')).toBe(2)
    expect(await count('?from=2020-01-01&to=2020-01-02')).toBe(0)
    expect(await count('?from=2020-01-01')).toBe(2)
    expect(await count('?replayed=true')).toBe(0)
    expect(await count('?replayed=false')).toBe(2)
  })

  it.each([
    ['limit=0', 'invalid_field'],
    ['limit=1001', 'invalid_field'],
    ['limit=abc', 'invalid_field'],
    ['limit=1&limit=2', 'invalid_field'],
    ['cursor=abc', 'invalid_cursor'],
    ['cursor=-1', 'invalid_cursor'],
    // Of messages.
    ['cursor=bTE', 'invalid_cursor'],
    ['cursor=99999999999999999999', 'invalid_cursor'],
    ['kind=cats', 'invalid_field'],
    ['from=2025-02-30', 'invalid_field'],
    ['replayed=perhaps', 'invalid_field'],
    ['order=asc', 'invalid_field'],
  ])('are not listed with %s', async (query, code) => {
    expectProblem(await ingest.inject(`/api/v1/dead-letters?${query}`), 400, code)
  })

  it('go back to their subject as they came, with id, key and operation, and are marked', async () => {
    const seen = watchLogs()
    const dead = letter({ key: 'ä/1', payload: Buffer.from('{"n":\u00e41e400}') })
    await storeDeadLetters(database, [dead])
    const [stored] = await listed({}, 1)
    const answer = await replay(`${stored!.id}/replay`)
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toEqual({ status: 'ok', replayed: 1 })
    const message = await eventually(() => seen[0])
    expect(Buffer.from(message.payload)).toEqual(dead.payload)
    expect(message.header(HEADERS.eventId)).toBe(dead.sourceId)
    expect(message.header(HEADERS.eventKey)).toBe('%C3%A4%2F1')
    expect(message.header(HEADERS.operation)).toBe('upsert')
    expect(message.header(HEADERS.envelope)).toBeUndefined()
    expect((await list()).items[0]?.['replayedAt']).toEqual(expect.any(String))
  })

  it('go back with another text as the same events, and stay as they are until those are stored', async () => {
    const seen = watchLogs()
    const item = `${hashItemText('{"n":')}.2`
    const dead = letter({ key: 'k', item, payload: Buffer.from('{"n":'), form: 'item' })
    await storeDeadLetters(database, [dead])
    const [stored] = await listed({}, 1)
    const payload = '{"n": 1}'
    expect((await replay(`${stored!.id}/replay`)).statusCode).toBe(202)
    expect((await replay(`${stored!.id}/replay`, { payload })).json()).toEqual({ status: 'ok', replayed: 1 })
    // The broker does not take it for the replay before, which had the same letter.
    const message = await eventually(() => seen[1])
    expect(Buffer.from(message.payload).toString()).toBe(payload)
    expect(message.header(HEADERS.eventId)).toBe(dead.sourceId)
    expect(message.header(HEADERS.eventKey)).toBe('k')
    expect(message.header(HEADERS.eventItem)).toBe(`${hashItemText(payload)}.2`)
    // By which the consumer knows which letter it may remove.
    expect(message.header(HEADERS.letterHash)).toBe(hash('sha256', dead.payload, 'hex'))
    expect((await list()).items).toMatchObject([{ payload: '{"n":', replayedAt: expect.any(String) }])
  })

  it.each([
    ['half of a JSON value', '{"n":', {}, 400, 'bad_json'],
    ['a list', '[1]', {}, 400, 'invalid_field'],
    ['no metric', '{"value":"many"}', { kind: 'metrics', subject: 'metrics' }, 400, 'invalid_field'],
    ['too long a text', `"${'x'.repeat(2_000_000)}"`, {}, 413, 'body_too_large'],
    ['a text in place of an envelope', '{}', { form: 'envelope' }, 409, 'conflict'],
    ['a text in place of a part of one', '{}', { form: 'entry' }, 409, 'conflict'],
  ] as const)('are not sent as %s', async (_what, payload, members, status, code) => {
    const seen = watchLogs()
    await storeDeadLetters(database, [letter(members)])
    const [stored] = await listed({}, 1)
    expectProblem(await replay(`${stored!.id}/replay`, { payload }), status, code)
    expect((await list()).items).toMatchObject([{ replayedAt: null }])
    expect(seen).toEqual([])
  })

  it.each([
    [['dead-letters:write'], 403],
    [['dead-letters:write', 'products:write'], 202],
  ] as const)('of products are edited by who may write products: %j', async (scopes, status) => {
    const { httpOptions, text } = withKey(scopes)
    await using guarded = await startIngest({ databaseUrl: testDatabase.url, consuming: false, httpOptions })
    const product = { kind: 'products', subject: 'events.products', payload: Buffer.from('{"id":7}') }
    await storeDeadLetters(database, [letter(product)])
    const [stored] = await listed({}, 1)
    const send = (payload: object) =>
      guarded.inject({
        ...{ method: 'POST', url: `/api/v1/dead-letters/${stored!.id}/replay`, payload },
        headers: { 'x-api-key': text },
      })
    const edited = await send({ payload: '{"id":7,"name":"pen","price":1,"manufacturer":"bic"}' })
    expect(edited.statusCode).toBe(status)
    if (status === 403) expect(edited.json()).toMatchObject({ missingScopes: ['products:write'] })
    // As it failed, it says nothing new.
    expect((await send({})).statusCode).toBe(202)
  })

  it('whose key names another event go back under their id, and of many only where their code is named', async () => {
    const seen = watchLogs()
    const dead = letter({ key: 'k', item: 'h'.repeat(43), reason: 'idempotency_key_reused: by another' })
    await storeDeadLetters(database, [dead])
    expect((await replay('replay', {})).json()).toMatchObject({ replayed: 0 })
    expect((await replay('replay', { reason: 'another' })).json()).toMatchObject({ replayed: 0 })
    expect((await replay('replay', { code: 'idempotency_key_reused' })).json()).toMatchObject({ replayed: 1 })
    const [stored] = await listed({}, 1)
    expect((await replay(`${stored!.id}/replay`)).statusCode).toBe(202)
    await eventually(() => seen.length > 0)
    expect(seen[0]!.header(HEADERS.eventKey)).toBe(dead.sourceId)
    expect(seen[0]!.header(HEADERS.eventItem)).toBeUndefined()
  })

  it('with an unknown operation are refused with what to do, and left out of a replay of many', async () => {
    await storeDeadLetters(database, [letter({ operation: 'remove' }), letter({ operation: 'delete' })])
    expect((await replay('replay', {})).json()).toMatchObject({ replayed: 1 })
    const [, stored] = await listed({}, 2)
    const problem = expectProblem(await replay(`${stored!.id}/replay`), 409, 'conflict')
    expect(problem).toMatchObject({ field: 'operation', expected: 'upsert or delete' })
    expect(problem['detail']).toContain('"remove"')
    expect((await listed({ replayed: false }, 2)).map(({ operation }) => operation)).toEqual(['remove'])
  })

  it('go back as the events that they were, with their form, time and position', async () => {
    const seen = watchLogs()
    const position = { timeMs: 1_700_000_000_001, tie: 7, index: 2 }
    await storeDeadLetters(database, [
      letter({ form: 'item', receivedAtMs: 1_700_000_000_000, position }),
      letter({ form: 'entry', payload: Buffer.from('{"id":7}') }),
      letter({ form: 'envelope', payload: Buffer.from('{"events":7}') }),
    ])
    for (const { id } of await listed({}, 3)) await replay(`${id}/replay`)
    const [envelope, entry, item] = await eventually(() => seen.length === 3 && seen)
    expect(item!.header(HEADERS.form)).toBe('item')
    expect(item!.header(HEADERS.receivedAt)).toBe('1700000000000')
    expect(item!.header(HEADERS.position)).toBe('1700000000001.7.2')
    expect(entry!.header(HEADERS.envelope)).toBe('1')
    expect(Buffer.from(entry!.payload).toString()).toBe('{"events":[{"id":7}]}')
    expect(envelope!.header(HEADERS.envelope)).toBe('1')
    expect(Buffer.from(envelope!.payload).toString()).toBe('{"events":7}')
  })

  it('of a version before this one go back with the time of their id, or that of the failure', async () => {
    const seen = watchLogs()
    const past = createEventIds(() => 1_700_000_000_000)()
    const future = createEventIds(() => Date.now() + 40 * 86_400_000)()
    await storeDeadLetters(database, [letter({ sourceId: past }), letter({ sourceId: future })])
    await database.kysely
      .updateTable('dead_letter')
      .set({ form: null, received_at: null, position_ms: null, position_tie: null, position_index: null })
      .execute()
    const [newest] = await listed({}, 2)
    expect((await replay('replay', {})).json()).toMatchObject({ replayed: 2 })
    await eventually(() => seen.length === 2)
    const byId = new Map(seen.map((message) => [message.header(HEADERS.eventId), message]))
    expect(byId.get(past)!.header(HEADERS.receivedAt)).toBe('1700000000000')
    expect(byId.get(past)!.header(HEADERS.position)).toBe('1700000000000.0.0')
    expect(byId.get(past)!.header(HEADERS.form)).toBeUndefined()
    expect(byId.get(future)!.header(HEADERS.receivedAt)).toBe(String(newest!.firstFailedAt.getTime()))
  })

  it('that fail again before they could be marked wait for a person again', async () => {
    const [fast, slow] = [letter(), letter()]
    await storeDeadLetters(database, [slow, fast])
    const publish = ingest.broker.publish.bind(ingest.broker)
    ingest.broker.publish = async (message, timeoutMs) => {
      await publish(message, timeoutMs)
      // The consumer is faster than the mark.
      if (message.headers[HEADERS.eventId] === fast.sourceId) await storeDeadLetters(database, [fast])
    }
    expect((await replay('replay', {})).json()).toMatchObject({ replayed: 2 })
    expect((await list('?replayed=false')).items).toMatchObject([{ eventId: fast.sourceId, attempts: 2 }])
    expect((await list('?replayed=true')).items).toMatchObject([{ eventId: slow.sourceId, attempts: 1 }])
  })

  it('go back by a filter, each once until it fails again', async () => {
    const seen = watchLogs()
    const letters = [letter(), letter({ reason: 'other' }), letter()]
    await storeDeadLetters(database, letters)
    expect((await replay('replay', { reason: 'bad_json' })).json()).toEqual({ status: 'ok', replayed: 2 })
    expect((await replay('replay', { reason: 'bad_json' })).json()).toEqual({ status: 'ok', replayed: 0 })
    await storeDeadLetters(database, [letters[0]!])
    expect((await replay('replay', { reason: 'bad_json' })).json()).toEqual({ status: 'ok', replayed: 1 })
    expect((await replay('replay', { limit: 1 })).json()).toEqual({ status: 'ok', replayed: 1 })
    await eventually(() => seen.length === 4)
  })

  it('are read one by one, with the size of their payload', async () => {
    await storeDeadLetters(database, [letter({ form: 'item', payload: Buffer.from('"\u00e4"') })])
    const [{ id } = { id: 0 }] = await listed({}, 1)
    const answer = await ingest.inject(`/api/v1/dead-letters/${id}`)
    expect(answer.json()).toMatchObject({
      id,
      form: 'item',
      code: 'bad_json',
      payload: '"\u00e4"',
      payloadBytes: 4,
    })
    expectProblem(await ingest.inject(`/api/v1/dead-letters/${id + 1}`), 404, 'not_found')
    expectProblem(await ingest.inject('/api/v1/dead-letters/0'), 400, 'invalid_field')
  })

  it('end a page early where they are large, and none is missed or given twice', async () => {
    await using small = await startIngest({
      databaseUrl: testDatabase.url,
      consuming: false,
      env: { PAGE_MAX_BYTES: '10000' },
    })
    const payload = Buffer.alloc(4000, 'x')
    await storeDeadLetters(
      database,
      Array.from({ length: 7 }, () => letter({ payload })),
    )
    const seen: unknown[] = []
    let cursor: string | null = ''
    for (let pages = 1; cursor !== null; pages++) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = (await small.inject(`/api/v1/dead-letters?limit=1000${query}`)).json<Page>()
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
      expect(pages).toBeLessThan(6)
    }
    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)
    const body = { limit: 5 }
    const url = '/api/v1/dead-letters/replay'
    expect((await small.inject({ method: 'POST', url, payload: body })).json()).toMatchObject({ replayed: 5 })
    // The oldest first.
    const left = (await small.inject('/api/v1/dead-letters?replayed=false')).json<Page>()
    expect(left.items.map(({ id }) => id)).toEqual(seen.slice(0, 2))
  })

  it('are counted by what their reason begins with', async () => {
    await storeDeadLetters(database, [letter(), letter({ kind: 'metrics', reason: '23514: no' }), letter()])
    const groups = async (query: string) =>
      (await ingest.inject(`/api/v1/dead-letters/groups${query}`)).json<{ count: number; groups: object[] }>()
    expect(await groups('')).toMatchObject({
      count: 3,
      payloadBytes: 21,
      groups: [
        { kind: 'logs', code: 'bad_json', count: 2, lastFailedAt: expect.any(String) },
        { kind: 'metrics', code: '23514', count: 1, reason: '23514: no' },
      ],
    })
    expect(await groups('?code=23514')).toMatchObject({ count: 1, groups: [{ kind: 'metrics' }] })
    expect((await list('?code=23514')).items).toMatchObject([{ code: '23514' }])
    expect(await groups('?kind=products')).toMatchObject({ count: 0, newestId: null, groups: [] })
  })

  it('are deleted one by one', async () => {
    await storeDeadLetters(database, [letter(), letter()])
    const [{ id } = { id: 0 }] = await listed({}, 1)
    const remove = () => ingest.inject({ method: 'DELETE', url: `/api/v1/dead-letters/${id}` })
    expect((await remove()).json()).toEqual({ status: 'ok', deleted: 1, remaining: 0 })
    expectProblem(await remove(), 404, 'not_found')
    expect((await list()).items).toHaveLength(1)
  })

  it('are deleted by a filter only by one who says how many they are', async () => {
    await storeDeadLetters(database, [letter(), letter({ reason: '23514: no' }), letter()])
    const [newest] = await listed({}, 1)
    const refused = await replay('delete', { code: 'bad_json', count: 3 })
    expectProblem(refused, 409, 'conflict')
    expect(refused.json()).toMatchObject({ field: 'count', expected: '2', count: 2 })
    expectProblem(await replay('delete', { code: 'bad_json' }), 400, 'missing_field')
    expectProblem(await replay('delete', { code: 'bad_json', count: 0 }), 400, 'invalid_field')
    expectProblem(await replay('delete', { id: 1, count: 1 }), 400, 'invalid_field')
    expect((await list()).items).toHaveLength(3)
    // What has come since is no part of it.
    await storeDeadLetters(database, [letter()])
    const sure = { code: 'bad_json', throughId: newest!.id, count: 2 }
    expect((await replay('delete', sure)).json()).toEqual({ status: 'ok', deleted: 2, remaining: 0 })
    expect((await list()).items.map(({ reason }) => reason)).toEqual(['bad_json: no', '23514: no'])
  })

  it('are not found by a wrong id, and not replayed by a wrong filter', async () => {
    expectProblem(await replay('999/replay'), 404, 'not_found')
    expectProblem(await replay('0/replay'), 400, 'invalid_field')
    expectProblem(await replay('x/replay'), 400, 'invalid_field')
    expectProblem(await replay('replay', { kind: 'cats' }), 400, 'invalid_field')
    expectProblem(await replay('replay', { limit: '1' }), 400, 'invalid_field')
    expectProblem(await replay('replay', { id: 1 }), 400, 'invalid_field')
    expectProblem(await replay('replay'), 400, 'invalid_field')
  })
})

describe('without a database', () => {
  beforeEach(async () => {
    ingest = await startIngest()
  })
  afterEach(async () => ingest[Symbol.asyncDispose]())

  it('the dead letters are unavailable, and everything else goes on', async () => {
    expectProblem(await ingest.inject('/api/v1/dead-letters'), 503, 'database_unavailable')
    expectProblem(await replay('1/replay'), 503, 'database_unavailable')
    expectProblem(await replay('replay', {}), 503, 'database_unavailable')
    expect((await ingest.inject('/readyz')).statusCode).toBe(200)
    expect((await ingest.post('/log', {})).statusCode).toBe(202)
  })
})

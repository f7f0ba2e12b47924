import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { gzipSync } from 'node:zlib'
import { startIngest, type Answer, type Ingest } from './ingest.ts'

const lines = (...values: unknown[]) =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n') + '\n'

interface Result {
  readonly _index: string
  readonly _id: string | null
  readonly status: number
  readonly error?: { readonly type: string; readonly reason: string; readonly code: string }
}

/** The results of a bulk answer, each with its operation. */
function resultsOf(answer: Answer) {
  expect([answer.statusCode, answer.headers['x-elastic-product']]).toEqual([200, 'Elasticsearch'])
  expect(answer.headers['content-type']).toMatch(/^application\/json/)
  const { took, errors, items } = answer.json<{
    took: number
    errors: boolean
    items: Record<string, Result>[]
  }>()
  const results = items.map((item) => {
    const [[operation, result]] = Object.entries(item) as [[string, Result]]
    return { operation, ...result }
  })
  expect(took).toBeGreaterThanOrEqual(0)
  expect(errors).toBe(results.some(({ status }) => status >= 400))
  return results
}

const statusesOf = (answer: Answer) => resultsOf(answer).map(({ status }) => status)

const bulk = (ingest: Ingest, body: string | Buffer, headers: Record<string, string> = {}, url = '/_bulk') =>
  ingest.post(url, body, { 'content-type': 'application/x-ndjson', ...headers })

/** An error of a request as a whole. */
function failureOf(answer: Answer, status: number) {
  expect([answer.statusCode, answer.headers['x-elastic-product']]).toEqual([status, 'Elasticsearch'])
  const failure = answer.json<{ error: { type: string; reason: string; code: string }; status: number }>()
  expect(failure).toMatchObject({ status, error: { root_cause: [{}], type: expect.any(String) } })
  return failure.error
}

const index = (name: string) => ({ index: { _index: name } })

describe('_bulk', () => {
  it('takes documents as they were sent, and names each in the order of the request', async () => {
    await using ingest = await startIngest()
    const body = lines(
      ...[index('a'), { message: 'one', '@timestamp': '2026-11-29T10:00:00.123456789Z', big: 1 }],
      ...[{ create: { _index: 'b' } }, { log: { level: 'info' } }],
      ...[{ index: { _index: 'c', _id: 'mine' } }, { n: null }],
    )
    const results = resultsOf(await bulk(ingest, body.replace('"big":1', '"big":9007199254740993')))
    expect(results).toMatchObject([
      { operation: 'index', _index: 'a', status: 201 },
      { operation: 'create', _index: 'b', status: 201 },
      { operation: 'index', _index: 'c', _id: 'mine', status: 201 },
    ])
    await eventually(() => ingest.consumed.length === 3)
    expect(ingest.consumed.map(({ kind, id, data }) => [kind, id, JSON.stringify(data)])).toEqual([
      [
        'logs',
        results[0]!._id,
        '{"_index":"a","message":"one","@timestamp":"2026-11-29T10:00:00.123456789Z","big":9007199254740993}',
      ],
      ['logs', results[1]!._id, '{"_index":"b","log":{"level":"info"}}'],
      ['logs', expect.any(String), '{"_index":"c","_id":"mine","n":null}'],
    ])
  })

  it.each([
    ['POST', '/_bulk'],
    ['PUT', '/_bulk?refresh=wait_for&pipeline=p&filter_path=errors,items.*.error&timeout=1m'],
    ['POST', '/b/_bulk?wait_for_active_shards=1&timeout=300ms'],
    ['PUT', '/b/_bulk'],
  ] as const)('is served by %s %s, whatever the type says', async (method, url) => {
    await using ingest = await startIngest()
    const types = [
      'application/x-ndjson',
      'application/vnd.elasticsearch+x-ndjson; compatible-with=9',
      'application/json',
      'application/x-www-form-urlencoded',
    ]
    for (const type of types) {
      const headers = { 'content-type': type, 'content-encoding': 'gzip' }
      const payload = gzipSync(lines({ create: {} }, { message: type }))
      expect(statusesOf(await ingest.inject({ method, url, payload, headers }))).toEqual([201])
    }
    await eventually(() => ingest.consumed.length === types.length)
    expect(ingest.consumed.map(({ data }) => data)).toEqual(
      types.map((message) => (url.startsWith('/b/') ? { _index: 'b', message } : { message })),
    )
  })

  it('refuses deletions, updates and what cannot be stored, each by itself', async () => {
    await using ingest = await startIngest()
    const body = lines(
      { delete: { _index: 'a', _id: '1' } },
      ...[index('a'), { message: 'after' }],
      ...[{ update: { _index: 'a', _id: '1' } }, { doc: {} }],
      ...[index('a'), '{"broken'],
      ...[index('a'), '{"nul":"\\u0000"}'],
      ...[index('a'), '"text"'],
      ...[index('a'), `{"deep":${'['.repeat(70)}${']'.repeat(70)}}`],
      ...[index('a'), `{"large":"${'x'.repeat(600_000)}"}`],
      ...[index('\u0000'), { message: 'name' }],
      ...[index('a'), { message: 'last' }],
    )
    const results = resultsOf(await bulk(ingest, body))
    expect(results.map(({ operation, status, error }) => [operation, status, error?.code])).toEqual([
      ['delete', 400, 'invalid_field'],
      ['index', 201, undefined],
      ['update', 400, 'invalid_field'],
      ['index', 400, 'bad_json'],
      ['index', 400, 'nul_character'],
      ['index', 400, 'invalid_field'],
      ['index', 400, 'too_deep'],
      ['index', 400, 'body_too_large'],
      ['index', 400, 'nul_character'],
      ['index', 201, undefined],
    ])
    await eventually(() => ingest.consumed.length === 2)
    expect(await ingest.metrics.metrics()).toContain('{kind="logs",outcome="rejected",app="ingest-api"} 8')
  })

  it('answers a request of which nothing can be stored with its results', async () => {
    await using ingest = await startIngest()
    expect(statusesOf(await bulk(ingest, lines({ delete: { _index: 'a', _id: '1' } })))).toEqual([400])
  })

  it('gives documents that are created under an id that as their key', async () => {
    await using ingest = await startIngest()
    const body = lines(...[{ create: { _index: 'a', _id: '1' } }, { n: 1 }, index('a'), { n: 2 }])
    expect(statusesOf(await bulk(ingest, body))).toEqual([201, 201])
    expect(statusesOf(await bulk(ingest, body))).toEqual([201, 201])
    await eventually(() => ingest.consumed.length === 4)
    expect(ingest.consumed.map(({ key }) => key)).toEqual(['a/1', undefined, 'a/1', undefined])
  })

  it('says of what is known to be there that it is', async () => {
    const duplicateOf = '01939f00-0000-7000-8000-000000000000'
    await using ingest = await startIngest({
      decide: ({ key }) =>
        key === 'a/1' ? { duplicateOf } : key === 'a/2' ? { deadLettered: 'r' } : 'stored',
    })
    const create = (id: string) => [{ create: { _index: 'a', _id: id } }, {}]
    const body = lines(...create('1'), ...create('2'), ...create('3'))
    const results = resultsOf(await bulk(ingest, body, {}, '/_bulk?wait=stored'))
    expect(results.map(({ _id, status, error }) => [_id, status, error?.code])).toEqual([
      ['1', 409, 'conflict'],
      ['2', 400, 'dead_lettered'],
      ['3', 201, undefined],
    ])
    expect(statusesOf(await bulk(ingest, lines(...create('2')), {}, '/_bulk?wait=stored'))).toEqual([400])
  })

  it('takes ids of any length that Elasticsearch takes: a long one becomes a key as its hash', async () => {
    await using ingest = await startIngest()
    const id = 'x'.repeat(512)
    const body = lines({ create: { _index: 'a', _id: id } }, { n: 1 })
    expect(resultsOf(await bulk(ingest, body))).toMatchObject([{ _id: id, status: 201 }])
    expect((await ingest.post(`/a/_create/${id}`, '{"n":1}')).statusCode).toBe(201)
    await eventually(() => ingest.consumed.length === 2)
    const [key, ofDocument] = ingest.consumed.map((event) => event.key)
    expect(key).toMatch(/^sha256:[\w-]{43}$/)
    expect(ofDocument).toBe(key)
  })

  it('calls it a conflict where the id was used for another document, alone or beside others', async () => {
    await using ingest = await startIngest({
      decide: () => ({ deadLettered: 'idempotency_key_reused: by another event' }),
    })
    const conflict = { status: 409, error: { type: 'version_conflict_engine_exception' } }
    const create = [{ create: { _index: 'a', _id: '1' } }, {}]
    expect(resultsOf(await bulk(ingest, lines(...create), {}, '/_bulk?wait=stored'))).toMatchObject([
      conflict,
    ])
    const beside = lines(...create, { delete: { _index: 'a', _id: '1' } }, ...create)
    expect(resultsOf(await bulk(ingest, beside, {}, '/_bulk?wait=stored'))).toMatchObject([
      conflict,
      { status: 400, error: { reason: 'Runnel deletes no documents' } },
      conflict,
    ])
  })

  it('asks for each document again where the queue is full, for JSON without results would be dropped', async () => {
    await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
    const body = lines(...[index('a'), {}, { delete: { _id: '1' } }])
    const answers = await Promise.all(Array.from({ length: 20 }, () => bulk(ingest, body)))
    const statuses = answers.map((answer) => String(statusesOf(answer)))
    expect(new Set(statuses)).toEqual(new Set(['201,400', '429,429']))
  })

  it('says which documents the broker has, where it has some', async () => {
    await using ingest = await startIngest({ consuming: false, env: { LOGS_STREAM_BYTES: '400000' } })
    const large = [index('a'), { m: 'x'.repeat(300_000) }]
    expect(statusesOf(await bulk(ingest, lines(...large, ...large)))).toEqual([201, 429])
  })
})

describe('a refusal of _bulk', () => {
  it.each([
    ['', 'empty_batch'],
    ['\n', 'empty_batch'],
    ['[{"message":"m"}]', 'bad_request'],
  ])('has the form of Elasticsearch: %j', async (body, code) => {
    await using ingest = await startIngest()
    expect(failureOf(await bulk(ingest, body), 400)).toMatchObject({
      code,
      type: 'illegal_argument_exception',
    })
  })

  it('names what is too large, and what is no gzip', async () => {
    await using ingest = await startIngest({ env: { BODY_LIMIT_BYTES: '2000' } })
    const large = await bulk(ingest, lines(index('a'), { m: 'x'.repeat(2000) }))
    expect(failureOf(large, 413)).toMatchObject({ code: 'body_too_large' })
    const broken = await bulk(ingest, lines(index('a'), {}), { 'content-encoding': 'gzip' })
    expect(failureOf(broken, 400)).toMatchObject({ code: 'bad_encoding' })
    const unknown = await bulk(ingest, lines(index('a'), {}), { 'content-encoding': 'snappy' })
    expect(failureOf(unknown, 415)).toMatchObject({ code: 'unsupported_encoding' })
  })
})

describe('a single document', () => {
  it.each([
    ['POST', '/a/_doc', { _index: 'a', m: 1 }, undefined],
    ['POST', '/a/_doc/1', { _index: 'a', _id: '1', m: 1 }, undefined],
    ['PUT', '/a/_doc/1?refresh=true', { _index: 'a', _id: '1', m: 1 }, undefined],
    ['PUT', '/a/_doc/1?op_type=create', { _index: 'a', _id: '1', m: 1 }, 'a/1'],
    ['POST', '/a/_create/x%2Fy', { _index: 'a', _id: 'x/y', m: 1 }, 'a/x/y'],
    ['PUT', '/a/_create/1', { _index: 'a', _id: '1', m: 1 }, 'a/1'],
  ] as const)('is taken by %s %s', async (method, url, data, key) => {
    await using ingest = await startIngest()
    const headers = { 'content-type': 'application/vnd.elasticsearch+json; compatible-with=9' }
    const answer = await ingest.inject({ method, url, payload: '{"m":1}', headers })
    expect([answer.statusCode, answer.headers['x-elastic-product']]).toEqual([201, 'Elasticsearch'])
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed[0]).toMatchObject({ kind: 'logs', data })
    expect(ingest.consumed[0]!.key).toBe(key)
    expect(answer.json()).toMatchObject({
      _index: 'a',
      _id: '_id' in data ? data._id : ingest.consumed[0]!.id,
      result: 'created',
    })
  })

  it('is a conflict where its id was used for another one', async () => {
    await using ingest = await startIngest({
      decide: () => ({ deadLettered: 'idempotency_key_reused: by another event' }),
    })
    const answer = await ingest.post('/a/_create/1?wait=stored', '{}')
    expect(failureOf(answer, 409)).toMatchObject({ type: 'version_conflict_engine_exception' })
  })

  it('is refused in the form of Elasticsearch, and is asked for again with 503 and never with 429', async () => {
    const duplicateOf = '01939f00-0000-7000-8000-000000000000'
    await using ingest = await startIngest({
      env: { QUEUE_LIMIT_EVENTS: '1' },
      decide: ({ key }) => (key === undefined ? 'stored' : { duplicateOf }),
    })
    expect(failureOf(await ingest.post('/a/_doc', '{'), 400)).toMatchObject({ code: 'bad_json' })
    expect(failureOf(await ingest.post('/a/_doc', '[]'), 400)).toMatchObject({ code: 'invalid_field' })
    expect(failureOf(await ingest.post('/a/_doc', ''), 400)).toMatchObject({ code: 'bad_json' })
    const known = await ingest.post('/a/_create/1?wait=stored', '{}')
    expect(failureOf(known, 409)).toMatchObject({ type: 'version_conflict_engine_exception' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => ingest.post('/a/_doc', '{}')))
    const busy = answers.find(({ statusCode }) => statusCode !== 201)!
    expect(failureOf(busy, 503)).toMatchObject({ code: 'too_busy' })
    expect(busy.headers['retry-after']).toBe('1')
  })
})

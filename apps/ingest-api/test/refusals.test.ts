import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { expectProblem } from './expect-problem.ts'
import { startIngest } from './ingest.ts'

describe('a full backlog', () => {
  it('is answered with 503 backlog_full, and ends when events are consumed', async () => {
    await using ingest = await startIngest({ consuming: false, env: { LOGS_STREAM_BYTES: '4096' } })
    const statuses = new Set<number>()
    for (let i = 0; i < 20; i++) statuses.add((await ingest.post('/log', { m: 'x'.repeat(1000) })).statusCode)
    expect([...statuses]).toEqual([202, 503])
    expectProblem(await ingest.post('/log', { m: 'x'.repeat(1000) }), 503, 'backlog_full')
    expect((await ingest.post('/api/v1/metrics', { data: {} })).statusCode).toBe(202)
    expect((await ingest.inject('/readyz')).statusCode).toBe(200)
  })

  it('names what of a batch is safe, when that is not all of it', async () => {
    const env = { LOGS_STREAM_BYTES: '100000' }
    await using ingest = await startIngest({ consuming: false, env })
    // Two envelopes: the first one fits.
    const items = Array.from({ length: 550 }, (_, n) => ({ n, ...(n >= 500 && { m: 'x'.repeat(2000) }) }))
    const problem = expectProblem(await ingest.post('/log', [7, ...items]), 503, 'partly_accepted')
    expect(problem['accepted']).toEqual(Array.from({ length: 500 }, (_, n) => n + 1))
  })
})

it('a full queue is answered with 429 too_busy', async () => {
  await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
  const answers = await Promise.all(Array.from({ length: 50 }, () => ingest.post('/log', {})))
  const busy = answers.filter(({ statusCode }) => statusCode === 429)
  expect(busy.length).toBeGreaterThan(0)
  expectProblem(busy[0]!, 429, 'too_busy')
  await eventually(() => ingest.consumed.length === answers.length - busy.length)
})

describe('DELETE /api/v1/products/:id', () => {
  const remove = (id: string) => ({ method: 'DELETE' as const, url: `/api/v1/products/${id}` })

  it('is an event that deletes, with a key where one is given', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.inject({ ...remove('5'), headers: { 'idempotency-key': 'k' } })
    expect(answer.statusCode).toBe(202)
    expect(answer.body).toBe('{"status":"ok"}')
    await eventually(() => ingest.consumed.length === 1)
    const id = answer.headers['event-id']
    expect(ingest.consumed).toEqual([
      { kind: 'products', id, key: 'k', item: expect.any(String), op: 'delete', data: { id: 5 } },
    ])
  })

  it('takes the version that the product has from then on', async () => {
    await using ingest = await startIngest()
    expect((await ingest.inject(remove('5?version=7'))).statusCode).toBe(202)
    await eventually(() => ingest.consumed.length === 1)
    expect(ingest.consumed).toMatchObject([{ op: 'delete', data: { id: 5, version: 7 } }])
    for (const version of ['', '1.5', 'x', '9007199254740991', '20991231000000']) {
      const answer = await ingest.inject(remove(`5?version=${version}`))
      expect(expectProblem(answer, 400, 'invalid_field')['field']).toBe('version')
    }
  })

  it.each(['0', '-1', '1.5', 'abc', '%00', '9007199254740993', '1'.repeat(500), 'null'])(
    'refuses the id %.20s',
    async (id) => {
      await using ingest = await startIngest()
      expect(expectProblem(await ingest.inject(remove(id)), 400, 'invalid_field')['field']).toBe('id')
    },
  )
})

describe('the version of a product', () => {
  it.each(['"2"', '1.5', '9007199254740991', '20991231000000', '[2]'])(
    'is refused where it is %s: it would freeze the product, or not count',
    async (version) => {
      await using ingest = await startIngest()
      const answer = await ingest.post(
        '/api/v1/products',
        `{"id":1,"name":"pen","price":1,"version":${version}}`,
      )
      expect([answer.statusCode, answer.json<{ field: string }>().field]).toEqual([400, '/version'])
    },
  )
})

it.each(['/log/', '/api/v1/logs/', '/log?token=x', '/log/?access_token=x&wait=stored', '/log?key=a&key=b'])(
  '%s is the address of logs',
  async (url) => {
    await using ingest = await startIngest()
    expect((await ingest.post(url, {})).statusCode).toBe(url.includes('wait') ? 200 : 202)
    expectProblem(await ingest.inject({ method: 'PUT', url }), 405, 'method_not_allowed')
  },
)

describe('methods', () => {
  it.each(['/log', '/api/v1/logs', '/api/v1/metrics', '/api/v1/products'])(
    'other than POST are not allowed at %s',
    async (url) => {
      await using ingest = await startIngest()
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
        const answer = await ingest.inject({ method, url })
        expect([method, answer.statusCode, answer.headers.allow]).toEqual([method, 405, 'POST'])
      }
    },
  )

  it.each([
    ['/api/v1/products/5', 'DELETE'],
    ['/api/v1/dead-letters', 'GET, HEAD'],
    ['/api/v1/dead-letters/5/replay', 'POST'],
    // It has the form of an id as well, which may be read and deleted.
    ['/api/v1/dead-letters/replay', 'GET, HEAD, POST, DELETE'],
  ])('other than those of %s are not allowed there', async (url, allow) => {
    await using ingest = await startIngest()
    const answer = await ingest.inject({
      method: 'PUT',
      url,
      payload: '<x/>',
      headers: { 'content-type': 'a/b' },
    })
    expectProblem(answer, 405, 'method_not_allowed')
    expect(answer.headers.allow).toBe(allow)
  })
})

it('refuses parameters that it does not know, rather than to ignore a misspelt one', async () => {
  await using ingest = await startIngest()
  for (const query of ['?weit=stored', '?wait=stored&x', '?__proto__=1', '?constructor=1']) {
    expectProblem(await ingest.post(`/log${query}`, {}), 400, 'invalid_field')
  }
})

it('counts what it accepted and what it refused, single or in a batch', async () => {
  await using ingest = await startIngest()
  await ingest.post('/log', [{}, 5, {}])
  await ingest.post('/log', [5, 6])
  await ingest.post('/log', { service: 'x'.repeat(600) })
  await ingest.post('/log', {})
  const text = await ingest.metrics.metrics()
  expect(text).toContain('runnel_ingest_events_total{kind="logs",outcome="accepted",app="ingest-api"} 3')
  expect(text).toContain('runnel_ingest_events_total{kind="logs",outcome="rejected",app="ingest-api"} 4')
})

it('counts events and requests by format, errors before the body included', async () => {
  await using ingest = await startIngest()
  await ingest.post('/log', [{}, 5, {}])
  await ingest.post('/log', [5])
  await ingest.post('/log', {}, { 'content-encoding': 'other' })
  await ingest.post('/v1/logs', '{}')
  await ingest.post('/v1/logs', '{')
  const text = await ingest.metrics.metrics()
  const events = (format: string, outcome: string) =>
    `runnel_ingest_format_events_total{format="${format}",outcome="${outcome}",app="ingest-api"}`
  expect(text).toContain(`${events('json-array', 'accepted')} 2`)
  expect(text).toContain(`${events('json-array', 'rejected')} 2`)
  expect(text).toContain(`${events('ndjson', 'accepted')} 0`)
  const requests = (format: string, outcome: string) => events(format, outcome).replace('events', 'requests')
  expect(text).toContain(`${requests('json-array', 'answered')} 1`)
  expect(text).toContain(`${requests('json-array', 'failed')} 2`)
  expect(text).toContain(`${requests('otlp-json', 'answered')} 1`)
  expect(text).toContain(`${requests('otlp-json', 'failed')} 1`)
})

it('describes its bodies at /docs/json, and every route with a summary', async () => {
  await using ingest = await startIngest()
  const { paths } = (await ingest.inject('/docs/json')).json<{
    paths: Record<string, Record<string, { summary?: string; requestBody?: object }>>
  }>()
  for (const url of ['/log', '/api/v1/logs', '/api/v1/metrics', '/api/v1/products']) {
    expect(paths[url]?.['post']?.requestBody).toBeDefined()
  }
  const summaries = Object.values(paths).flatMap((one) => Object.values(one).map(({ summary }) => summary))
  expect(summaries).not.toContain(undefined)
})

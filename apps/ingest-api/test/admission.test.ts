import { isEventId } from '@runnel/contracts'
import { parseText } from '@runnel/json'
import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { expectProblem } from './expect-problem.ts'
import { startIngest, type ConsumedEvent, type Ingest } from './ingest.ts'

/** What the consumer has, once it has `count` events. */
async function arrived(ingest: Ingest, count: number): Promise<readonly ConsumedEvent[]> {
  await eventually(() => ingest.consumed.length >= count)
  expect(ingest.consumed).toHaveLength(count)
  return ingest.consumed
}

const NDJSON = { 'content-type': 'application/x-ndjson' }

describe('a single event', () => {
  it.each([
    ['/api/v1/metrics', '{"data":{"value":123.45}}', 'metrics'],
    ['/log', '{"level":"info","message":"testing the platform"}', 'logs'],
    ['/api/v1/logs', '{"level":"info","message":"testing the platform"}', 'logs'],
    ['/api/v1/products', '{"id":1,"name":"pen","price":10,"manufacturer":"bic"}', 'products'],
  ])('POSTed to %s as %s is kept as it is, and named in a header', async (url, body, kind) => {
    await using ingest = await startIngest()
    const answer = await ingest.post(url, body)
    expect(answer.statusCode).toBe(202)
    expect(answer.body).toBe('{"status":"ok"}')
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    const id = answer.headers['event-id']
    expect(isEventId(id)).toBe(true)
    expect(await arrived(ingest, 1)).toEqual([{ kind, id, data: JSON.parse(body) }])
  })

  it('keeps unknown members, members of unusual types and the names of prototypes', async () => {
    await using ingest = await startIngest()
    const body = '{"level":30,"message":null,"__proto__":{"a":1},"constructor":[],"x":{"y":[1e300,-0]}}'
    expect((await ingest.post('/log', body)).statusCode).toBe(202)
    const [event] = await arrived(ingest, 1)
    expect(JSON.stringify(event?.data)).toBe(JSON.stringify(parseText(body)))
  })

  it('is refused with the field that is wrong', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/api/v1/metrics', { data: { value: '123.45' } })
    expect(expectProblem(answer, 400, 'invalid_field')).toMatchObject({
      field: '/data/value',
      expected: 'number',
    })
    expectProblem(await ingest.post('/api/v1/products', { name: 'pen' }), 400, 'missing_field')
    expectProblem(await ingest.post('/log', '{"a":"\\u0000"}'), 400, 'nul_character')
    expectProblem(await ingest.post('/log', '{"a":"\\ud800"}'), 400, 'lone_surrogate')
    const wide = expectProblem(await ingest.post('/log', '{"a":[1e401]}'), 400, 'number_out_of_range')
    expect(wide).toMatchObject({ field: '/a/0', expected: expect.stringContaining('100 significant digits') })
    expectProblem(await ingest.post('/log', `{"a":${'1'.repeat(101)}}`), 400, 'number_out_of_range')
    const long = await ingest.post('/log', `{"a":[${'1e400,'.repeat(2000)}1]}`)
    expect(expectProblem(long, 413, 'body_too_large')).toMatchObject({
      expected: expect.stringContaining('as PostgreSQL writes it'),
    })
    expectProblem(await ingest.post('/log', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`), 400, 'too_deep')
    expectProblem(await ingest.post('/log', { level: 'é'.repeat(300) }), 400, 'text_too_long')
    expect(ingest.consumed).toEqual([])
  })

  it.each(['5', '"text"', 'null', 'true'])('is not %s', async (body) => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post('/log', body), 400, 'invalid_field')
  })
})

describe('a batch', () => {
  it('of an array keeps what is right and names the places of what is wrong', async () => {
    await using ingest = await startIngest()
    const items = [{ data: { value: 1 } }, { data: { value: 'x' } }, 7, { data: { value: 2 } }, {}]
    const answer = await ingest.post('/api/v1/metrics', items)
    expect(answer.statusCode).toBe(202)
    expect(answer.headers['event-id']).toBeUndefined()
    expect(answer.json()).toEqual({
      status: 'ok',
      accepted: 2,
      rejected: [
        { index: 1, code: 'invalid_field', message: expect.any(String), field: '/data/value' },
        { index: 2, code: 'invalid_field', message: expect.any(String), field: '' },
        { index: 4, code: 'missing_field', message: expect.any(String), field: '/data' },
      ],
    })
    expect((await arrived(ingest, 2)).map(({ data }) => data)).toEqual([items[0], items[3]])
  })

  it('of lines does not mind blank ones, CRLF and a missing last line end; indexes count events', async () => {
    await using ingest = await startIngest()
    const answer = await ingest.post('/log', '\r\n{"n":0}\r\n\n  \n{bad\n{"n":2}\n"text"\n{"n":4}', NDJSON)
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toMatchObject({
      accepted: 3,
      rejected: [
        { index: 1, code: 'bad_json' },
        { index: 3, code: 'invalid_field' },
      ],
    })
    const events = await arrived(ingest, 3)
    expect(events.map(({ data }) => data)).toEqual([{ n: 0 }, { n: 2 }, { n: 4 }])
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
  })

  it('of one is answered as a batch', async () => {
    await using ingest = await startIngest()
    expect((await ingest.post('/log', [{}])).json()).toEqual({ status: 'ok', accepted: 1, rejected: [] })
    expect((await ingest.post('/log', '{}', NDJSON)).json()).toMatchObject({ accepted: 1 })
  })

  it('of which nothing is right is refused with every reason', async () => {
    await using ingest = await startIngest()
    const problem = expectProblem(await ingest.post('/log', [1, 'x']), 400, 'nothing_accepted')
    expect(problem['rejected']).toMatchObject([{ index: 0 }, { index: 1 }])
    expectProblem(await ingest.post('/log', 'x\ny', NDJSON), 400, 'nothing_accepted')
  })

  it.each([
    ['an empty array', '[]', {}, 'empty_batch'],
    ['blank lines', '\n \r\n', NDJSON, 'empty_batch'],
    ['no lines', '', NDJSON, 'empty_batch'],
    ['nothing', '', {}, 'bad_json'],
    ['half an array', '[{},', {}, 'bad_json'],
  ])('of %s is refused', async (_, body, headers, code) => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post('/log', body, headers as Record<string, string>), 400, code)
  })

  it('spans several envelopes when it is large, and loses nothing', async () => {
    await using ingest = await startIngest()
    const items = Array.from({ length: 2500 }, (_, n) => ({ n }))
    expect((await ingest.post('/log', items)).json()).toMatchObject({ accepted: 2500 })
    expect((await arrived(ingest, 2500)).map(({ data }) => data)).toEqual(items)
  })
})

describe('an idempotency key', () => {
  const KEY = { 'idempotency-key': 'order 7/ä' }

  it('of a request goes with its event, and the event’s own id goes before it', async () => {
    await using ingest = await startIngest()
    await ingest.post('/log', { n: 1 }, KEY)
    await ingest.post('/log', { eventId: 'own' }, KEY)
    await ingest.post('/log', { eventId: 'own' })
    const keys = (await arrived(ingest, 3)).map(({ key }) => key)
    expect(keys).toEqual(['order 7/ä', 'own', 'own'])
  })

  it('of a batch goes with each item and its place in the body, refused ones counted', async () => {
    await using ingest = await startIngest()
    await ingest.post('/log', [{}, 5, { eventId: 'own' }, {}], { 'idempotency-key': 'k' })
    expect((await arrived(ingest, 3)).map(({ key }) => key)).toEqual(['k#0', 'own', 'k#3'])
  })

  it.each([
    ['an empty one', ''],
    ['one of 513 bytes', 'k'.repeat(513)],
  ])('is refused when it is %s', async (_, key) => {
    await using ingest = await startIngest()
    const problem = expectProblem(
      await ingest.post('/log', {}, { 'idempotency-key': key }),
      400,
      'invalid_field',
    )
    expect(problem['field']).toBe('idempotency-key')
  })

  it('may be as long as 512 bytes', async () => {
    await using ingest = await startIngest()
    const headers = { 'idempotency-key': 'k'.repeat(512) }
    expect((await ingest.post('/log', {}, headers)).statusCode).toBe(202)
  })

  it('inside of an item has to be text', async () => {
    await using ingest = await startIngest()
    const items = [{ eventId: 7 }, { eventId: '' }, { eventId: 'ok' }].map((item) => ({ ...item, data: {} }))
    expect((await ingest.post('/api/v1/metrics', items)).json()).toMatchObject({
      accepted: 1,
      rejected: [{ field: '/eventId' }, { field: '/eventId' }],
    })
    // Some loggers number their events: such a log has no key, and is taken.
    expect((await ingest.post('/log', items)).json()).toMatchObject({ accepted: 3, rejected: [] })
  })
})

import { describe, expect, it } from '@jest/globals'
import { isEventId, isJsonObject } from '@runnel/contracts'
import { eventually } from '@runnel/testing'
import { expectProblem } from './expect-problem.ts'
import { startIngest, type ConsumedEvent, type Decision } from './ingest.ts'

/** Buries what says so itself. */
function decide({ data }: ConsumedEvent) {
  const dead = isJsonObject(data) ? data['dead'] : undefined
  return typeof dead === 'string' ? { deadLettered: dead } : ('stored' as const)
}

describe('?wait=stored', () => {
  it('answers 200 once the consumer has stored the event', async () => {
    await using ingest = await startIngest({ decide })
    const answer = await ingest.post('/log?wait=stored', { n: 1 })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe('{"status":"stored"}')
    expect(isEventId(answer.headers['event-id'])).toBe(true)
    expect(ingest.consumed).toMatchObject([{ id: answer.headers['event-id'] }])
  })

  it('answers 422 with the reason when the event went to the dead letters', async () => {
    await using ingest = await startIngest({ decide })
    const problem = expectProblem(
      await ingest.post('/log?wait=stored', { dead: '22P05: odd' }),
      422,
      'dead_lettered',
    )
    expect(problem['detail']).toContain('22P05: odd')
  })

  const ROW = '0190a000-0000-7000-8000-000000000000'

  it.each<[string, Decision, object, string | undefined]>([
    ['superseded', 'superseded', { status: 'superseded' }, undefined],
    ['a duplicate, with the id of the event that exists', { duplicateOf: ROW }, { status: 'duplicate' }, ROW],
    [
      'a product without an id, with its id',
      { productId: 2 ** 40 },
      { status: 'stored', id: 2 ** 40 },
      undefined,
    ],
    [
      'a superseded product without an id, with its id',
      { productId: 2 ** 40, superseded: true },
      { status: 'superseded', id: 2 ** 40 },
      undefined,
    ],
  ])('says with 200 of one event that it is %s', async (_what, decision, body, eventId) => {
    await using ingest = await startIngest({ decide: () => decision })
    const answer = await ingest.post('/api/v1/products?wait=stored', { name: 'pen', price: 1 })
    expect([answer.statusCode, answer.json()]).toEqual([200, body])
    expect(answer.headers['event-id']).toBe(eventId ?? ingest.consumed[0]!.id)
    const deleted = await ingest.inject({ method: 'DELETE', url: '/api/v1/products/5?wait=stored' })
    expect([deleted.statusCode, deleted.json()]).toEqual([200, body])
  })

  it('names a place in the log of PostgreSQL behind all that was stored, where the consumer does', async () => {
    let position = '0/FFFFFF10'
    await using ingest = await startIngest({ decide: () => ({ position }) })
    for (const path of ['/log', '/api/v1/metrics']) {
      const answer = await ingest.post(`${path}?wait=stored`, { data: { value: 1 } })
      expect([answer.statusCode, answer.headers['runnel-position']]).toEqual([200, position])
    }
    const deleted = await ingest.inject({ method: 'DELETE', url: '/api/v1/products/5?wait=stored' })
    expect(deleted.headers['runnel-position']).toBe(position)
    expect((await ingest.post('/log', { n: 1 })).headers).not.toHaveProperty('runnel-position')
    position = 'nowhere'
    expect((await ingest.post('/log?wait=stored', { n: 1 })).statusCode).toBe(202)
  })

  it('says of each item of a batch what became of it', async () => {
    const decisions = ['stored', 'superseded', { duplicateOf: ROW }, { productId: 2 ** 40 }] as const
    let next = 0
    await using ingest = await startIngest({ decide: () => decisions[next++]! })
    const body = [1, 2, 'bad', 3, 4].map((price) => ({ name: 'pen', price }))
    const answer = await ingest.post('/api/v1/products?wait=stored', body)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      status: 'stored',
      accepted: 4,
      rejected: [expect.objectContaining({ index: 2 })],
      superseded: [1],
      duplicates: [{ index: 3, eventId: ROW }],
      products: [{ index: 4, id: 2 ** 40 }],
    })
  })

  it('answers 202 when no word comes in time: the broker has the event', async () => {
    await using ingest = await startIngest({ decide: () => 'silent' })
    const answer = await ingest.post('/log?wait=stored', { n: 1 })
    expect(answer.statusCode).toBe(202)
    expect(answer.body).toBe('{"status":"ok"}')
  })

  it('reports of a batch which items are stored and which were refused, here or there', async () => {
    await using ingest = await startIngest({ decide })
    const answer = await ingest.post('/log?wait=stored', [{ n: 0 }, 5, { dead: 'why' }, { n: 3 }])
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({
      status: 'stored',
      accepted: 2,
      rejected: [
        { index: 1, code: 'invalid_field', field: '', message: expect.any(String) },
        { index: 2, code: 'dead_lettered', message: 'why' },
      ],
    })
  })

  it('answers 422 with every place when nothing of a batch is stored', async () => {
    await using ingest = await startIngest({ decide })
    const answer = await ingest.post('/log?wait=stored', [{ dead: 'a' }, { dead: 'b' }])
    expect(expectProblem(answer, 422, 'dead_lettered')['rejected']).toMatchObject([
      { index: 0, message: 'a' },
      { index: 1, message: 'b' },
    ])
  })

  it('names beside the dead letters what was not even admitted', async () => {
    await using ingest = await startIngest({ decide })
    const letter = await ingest.post('/log?wait=stored', [5, { dead: 'why' }])
    expect(expectProblem(letter, 422, 'dead_lettered')['rejected']).toMatchObject([
      { index: 0, code: 'invalid_field' },
      { index: 1, code: 'dead_lettered', message: 'why' },
    ])
    const reused = await ingest.post('/log?wait=stored', [5, { dead: 'idempotency_key_reused: by another' }])
    expect(expectProblem(reused, 422, 'idempotency_key_reused')['rejected']).toMatchObject([
      { index: 0, code: 'invalid_field' },
      { index: 1, code: 'idempotency_key_reused' },
    ])
  })

  it('answers 202 when a word comes of some items only', async () => {
    await using ingest = await startIngest({
      decide: (event) => (isJsonObject(event.data) && event.data['n'] === 0 ? 'silent' : 'stored'),
    })
    const answer = await ingest.post('/log?wait=stored', [{ n: 0 }, { n: 1 }])
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toEqual({ status: 'ok', accepted: 2, rejected: [] })
  })

  it('holds for deletions and for batches of several envelopes', async () => {
    await using ingest = await startIngest({ decide, env: { STORED_WAIT_MS: '5000' } })
    const deleted = await ingest.inject({ method: 'DELETE', url: '/api/v1/products/5?wait=stored' })
    expect(deleted.statusCode).toBe(200)
    expect(deleted.body).toBe('{"status":"stored"}')
    const items = Array.from({ length: 1200 }, (_, n) => ({ n }))
    expect((await ingest.post('/log?wait=stored', items)).json()).toMatchObject({
      status: 'stored',
      accepted: 1200,
    })
  })

  it('keeps many callers apart', async () => {
    await using ingest = await startIngest({ decide, env: { STORED_WAIT_MS: '5000' } })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        ingest.post('/log?wait=stored', n % 3 === 0 ? { dead: `${n}` } : { n }),
      ),
    )
    answers.forEach((answer, n) => {
      expect(answer.statusCode).toBe(n % 3 === 0 ? 422 : 200)
      if (n % 3 === 0) expect(answer.json<{ detail: string }>().detail).toMatch(new RegExp(`: ${n}$`))
    })
  })

  it('does not believe answers that are none', async () => {
    await using ingest = await startIngest({ decide: () => 'silent', env: { STORED_WAIT_MS: '1000' } })
    const asking = ingest.post('/log?wait=stored', { n: 1 })
    await eventually(() => ingest.consumed.length === 1)
    const id = ingest.consumed[0]!.id
    const odd = ['', 'x', '{}', 'null', '[]', '{"ids":5,"deadLettered":[]}', `{"ids":["${id}"]}`]
    const members = [
      '"deadLettered":[null]',
      ...['5', '[{}]', '[1]'].map((value) => `"deadLettered":[],"superseded":${value}`),
      ...['{}', '["x"]', `[{"id":"${id}"}]`, `[{"id":"${id}","of":"x"}]`].map(
        (value) => `"deadLettered":[],"duplicates":${value}`,
      ),
      ...['[null]', `[{"id":"${id}","productId":"1"}]`].map(
        (value) => `"deadLettered":[],"products":${value}`,
      ),
    ]
    for (const text of [...odd, ...members.map((member) => `{"ids":["${id}"],${member}}`)]) {
      ingest.broker.send(ingest.inbox, Buffer.from(text))
    }
    expect((await asking).statusCode).toBe(202)
  })

  it.each(['', 'committed', 'stored&wait=stored', 'STORED', 'true'])('refuses ?wait=%s', async (wait) => {
    await using ingest = await startIngest()
    expectProblem(await ingest.post(`/log?wait=${wait}`, {}), 400, 'invalid_field')
    expect(ingest.consumed).toEqual([])
  })
})

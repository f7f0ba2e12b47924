import { describe, expect, it } from '@jest/globals'
import { hashItemText } from '@runnel/contracts'
import { expectProblem } from './expect-problem.ts'
import { startIngest } from './ingest.ts'

const REUSED = { deadLettered: 'idempotency_key_reused: The key was used before' }

describe('keys of items', () => {
  it('are told apart by the text of the item and its number among equal ones, blanks aside', async () => {
    await using ingest = await startIngest()
    const headers = { 'idempotency-key': 'B' }
    await ingest.post('/log', ' {"a":1}\n', headers)
    await ingest.post('/log', '[ {"a":1} ,{"a":1},{"b":2}]', headers)
    await ingest.post('/log', '{"a":1}\n\n{"b":2}\r\n', {
      ...headers,
      'content-type': 'application/x-ndjson',
    })
    const [a, b] = ['{"a":1}', '{"b":2}'].map(hashItemText)
    expect(ingest.consumed.map(({ key, item }) => [key, item])).toEqual([
      ['B', a],
      ['B#0', `${a}.0`],
      ['B#1', `${a}.1`],
      ['B#2', `${b}.0`],
      ['B#0', `${a}.0`],
      ['B#1', `${b}.0`],
    ])
  })

  it('name one event where the item brings its own', async () => {
    await using ingest = await startIngest()
    await ingest.post('/log', [{ eventId: 'mine' }, { eventId: 'mine' }], { 'idempotency-key': 'B' })
    const item = hashItemText('{"eventId":"mine"}')
    expect(ingest.consumed).toMatchObject([
      { key: 'mine', item },
      { key: 'mine', item },
    ])
  })

  it('are UTF-8 in the header as in the body, and Latin-1 where they are no UTF-8', async () => {
    await using ingest = await startIngest()
    for (const key of [Buffer.from('заказ-17').toString('latin1'), 'caf\u00e9']) {
      await ingest.post('/log', '{}', { 'idempotency-key': key })
    }
    expect(ingest.consumed.map(({ key }) => key)).toEqual(['заказ-17', 'caf\u00e9'])
  })

  it('keep the form of before where KEY_FORM says so', async () => {
    await using ingest = await startIngest({ env: { KEY_FORM: 'place' } })
    await ingest.post('/log', [{ a: 1 }, { a: 1 }], { 'idempotency-key': 'B' })
    expect(ingest.consumed.map(({ key, item }) => [key, item])).toEqual([
      ['B#0', undefined],
      ['B#1', undefined],
    ])
  })

  it('that name another event are 422 with a code of their own, or a refused item of a batch', async () => {
    await using ingest = await startIngest({
      decide: ({ key }) => (key === 'used' ? REUSED : ('stored' as const)),
    })
    const answer = await ingest.post('/log?wait=stored', { n: 1 }, { 'idempotency-key': 'used' })
    expectProblem(answer, 422, 'idempotency_key_reused')
    expect((await ingest.post('/log', { n: 1 }, { 'idempotency-key': 'used' })).statusCode).toBe(202)
    const batch = await ingest.post('/log?wait=stored', [{ eventId: 'used' }, { n: 2 }])
    expect(batch.json()).toMatchObject({
      accepted: 1,
      rejected: [{ index: 0, code: 'idempotency_key_reused' }],
    })
  })
})

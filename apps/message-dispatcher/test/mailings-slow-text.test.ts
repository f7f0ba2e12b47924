import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expectProblem, insertClients, mailing, MAILINGS, NOON_MS, post } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

/** Slow for everybody. */
const LOOPS =
  '{% for i in (1..200) %}{% for j in (1..200) %}{% if i == j %}x{% endif %}{% endfor %}{% endfor %}'

/** Slow only for a client with a long list. */
const LISTS =
  'Hi {% for a in attributes.list %}{% for b in attributes.list %}{% if a == b %}x{% endif %}{% endfor %}{% endfor %}'

describe('a text that is slow to render', () => {
  let dispatcher: TestDispatcher
  beforeAll(async () => {
    dispatcher = await startDispatcher({ nowMs: NOON_MS })
    await insertClients(dispatcher.database, [
      { phone: 79160000001, tag: 'short', attributes: { list: [1, 2, 3] } },
      { phone: 79160000002, tag: 'long', attributes: { list: Array.from({ length: 190 }, (_, i) => i) } },
      { phone: 79160000003, tag: 'long' },
    ])
  })
  afterAll(() => dispatcher.stop())

  const create = (members: object) => dispatcher.post(MAILINGS, mailing(members))

  it('is refused when the mailing is created, and stores none', async () => {
    const answer = await create({ text: LOOPS })
    expectProblem(answer, 400, 'invalid_field', '/text')
    expect(answer.json()).toMatchObject({ problem: 'template_too_slow' })
    expect((await dispatcher.get(MAILINGS)).json()).toMatchObject({ items: [] })
  })

  it('is judged by the worst of its audience', async () => {
    expectProblem(await create({ text: LISTS, filter: { tags: ['long'] } }), 400, 'invalid_field', '/text')
    expect((await create({ text: LISTS, filter: { tags: ['short'] } })).statusCode).toBe(201)
  })

  it('is refused when the mailing is edited, which stays as it was', async () => {
    const { id } = await post(dispatcher)
    expectProblem(await dispatcher.patch(`${MAILINGS}/${id}`, { text: LOOPS }), 400, 'invalid_field', '/text')
    expect((await dispatcher.get(`${MAILINGS}/${id}`)).json()).toMatchObject({ version: 1 })
    expect((await dispatcher.patch(`${MAILINGS}/${id}`, { text: 'Hi' })).statusCode).toBe(200)
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { expectProblem, insertClients, MAILINGS, NOON_MS, post, setStatus } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
  await insertClients(dispatcher.database, [
    { phone: 79160000001, attributes: { name: 'Ann' }, tag: 'vip' },
    { phone: 79160000002, attributes: { name: 'x'.repeat(2000) }, timeZone: 'Asia/Omsk' },
    { phone: 79030000003, operatorCode: '903' },
    { phone: 79160000004, optedOut: true },
  ])
})
afterAll(() => dispatcher.stop())

const allClients = {
  count: 3,
  withoutAddress: 0,
  timeZones: [
    { name: 'Europe/Moscow', count: 2 },
    { name: 'Asia/Omsk', count: 1 },
  ],
  operators: [
    { name: '916', count: 2 },
    { name: '903', count: 1 },
  ],
  sample: [
    {
      ...{ clientId: 1, phone: '79160000001', operatorCode: '916', tag: 'vip', timeZone: 'Europe/Moscow' },
      ...{ text: 'Hello Ann', problem: null, address: null, subject: null },
    },
    {
      ...{ clientId: 2, phone: '79160000002', operatorCode: '916', tag: '', timeZone: 'Asia/Omsk' },
      ...{ text: null, problem: 'text_too_long', address: null, subject: null },
    },
    {
      ...{ clientId: 3, phone: '79030000003', operatorCode: '903', tag: '', timeZone: 'Europe/Moscow' },
      ...{ text: 'Hello ', problem: null, address: null, subject: null },
    },
  ],
  warnings: [
    {
      code: 'text_too_long',
      field: '/text',
      message: 'For 1 of the 3 clients looked at, the text is too long, and the message would fail',
    },
  ],
}

const NOBODY = { count: 0, timeZones: [], operators: [], sample: [] }

describe('the audience', () => {
  it('is counted, with what the first clients would read, before the mailing is created and after', async () => {
    const text = 'Hello {{ attributes.name }}'
    const preview = await dispatcher.post(`${MAILINGS}/preview`, { text })
    expect(preview.statusCode).toBe(200)
    expect(preview.json()).toEqual(allClients)
    const { id } = await post(dispatcher, { text })
    expect((await dispatcher.get(`${MAILINGS}/${id}/audience`)).json()).toEqual(allClients)
  })

  it('is limited by the filter', async () => {
    const { id } = await post(dispatcher, { filter: { operatorCodes: ['916'], tags: ['vip', 'x'] } })
    const audience = (await dispatcher.get(`${MAILINGS}/${id}/audience`)).json()
    expect(audience).toMatchObject({ count: 1, sample: [{ clientId: 1 }] })
    const filter = { operatorCodes: ['000'] }
    const preview = (await dispatcher.post(`${MAILINGS}/preview`, { text: 'x', filter })).json()
    expect(preview).toEqual({
      ...NOBODY,
      withoutAddress: 0,
      warnings: [expect.objectContaining({ code: 'audience_empty' })],
    })
  })

  it('of a mailing that has started are its messages', async () => {
    const { id } = await post(dispatcher)
    await setStatus(dispatcher.database, id, 'running')
    const audience = (await dispatcher.get(`${MAILINGS}/${id}/audience`)).json()
    expect(audience).toMatchObject(NOBODY)
  })

  it('is not counted for an invalid mailing', async () => {
    const preview = (body: object) => dispatcher.post(`${MAILINGS}/preview`, body)
    expectProblem(await preview({ text: '{{ a | b }}' }), 400, 'invalid_field', '/text')
    expectProblem(await preview({}), 400, 'missing_field', '/text')
    expectProblem(
      await preview({ text: 'x', filter: { tags: ['\0'] } }),
      400,
      'nul_character',
      '/filter/tags/0',
    )
    expectProblem(await preview({ text: 'x', end: '2026-03-02T00:00' }), 400, 'invalid_field', '/end')
    expectProblem(await preview({ text: 'x', name: 'n' }), 400, 'invalid_field')
    expectProblem(await dispatcher.get(`${MAILINGS}/999/audience`), 404, 'not_found', 'id')
  })

  it('is counted for a few requests at once; others are answered with Retry-After', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => dispatcher.post(`${MAILINGS}/preview`, { text: 'x' })),
    )
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2)
    for (const answer of answers.filter(({ statusCode }) => statusCode !== 200)) {
      expectProblem(answer, 429, 'too_busy')
      expect(answer.headers['retry-after']).toBe('1')
    }
  })
})

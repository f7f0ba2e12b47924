import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'
import { mailing, NOON_MS } from './mailing-requests.ts'

let app: TestDispatcher
let isTest = false

beforeAll(async () => {
  app = await startDispatcher({ nowMs: NOON_MS })
  app.http.addHook('preValidation', (request, _reply, done) => {
    request.principal = { ...request.principal, isTest }
    done()
  })
})
afterAll(() => app.stop())

const as = async <T>(kind: 'live' | 'test', act: () => Promise<T>): Promise<T> => {
  isTest = kind === 'test'
  return act()
}
const create = (over: object) => app.post('/api/v1/mailings', mailing(over))

test('a test key makes, edits and reads drafts', async () => {
  const made = await as('test', () => create({ draft: true }))
  expect(made.statusCode).toBe(201)
  const url = `/api/v1/mailings/${made.json<{ id: number }>().id}`
  expect((await as('test', () => app.patch(url, { name: 'other' }))).statusCode).toBe(200)
  expect((await as('test', () => app.get(url))).json()).toMatchObject({ name: 'other', status: 'draft' })
})

test('a test key starts no mailing, and changes none that is to be sent', async () => {
  const made = await as('live', () => create({}))
  const url = `/api/v1/mailings/${made.json<{ id: number }>().id}`
  const draft = await as('live', () => create({ draft: true }))
  const draftUrl = `/api/v1/mailings/${draft.json<{ id: number }>().id}`
  const answers = await as('test', async () => [
    await create({}),
    await create({ draft: false }),
    await app.post(`${draftUrl}/schedule`),
    await app.post(`${draftUrl}/test-sends`, { phones: ['+79161234567'] }),
    await app.post(`${url}/resume`),
    await app.post(`${url}/retry-failed`),
    await app.patch(url, { text: 'another text' }),
  ])
  expect(answers.map((answer) => [answer.statusCode, answer.json<{ code: string }>().code])).toEqual(
    answers.map(() => [403, 'test_key']),
  )
  expect((await as('live', () => app.get(draftUrl))).json()).toMatchObject({ status: 'draft' })
  expect((await as('live', () => app.post(`${draftUrl}/schedule`))).statusCode).toBe(200)
})

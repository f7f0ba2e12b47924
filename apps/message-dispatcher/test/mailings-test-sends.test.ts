import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Mailing } from '@runnel/contracts/api/mailing'
import {
  findMessage,
  listHandledMailings,
  listMailingOverview,
  listMessages,
  readMailingStatistics,
} from '@runnel/repositories-mailings'
import { eventually } from '@runnel/testing'
import { expectProblem, insertClients, MAILINGS, post } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'
import { httpAnswer, startTcpGateway, YES, type TcpGateway } from './tcp-gateway.ts'

const END = { end: new Date(Date.now() + 86_400_000).toISOString() }

let gateway: TcpGateway
let dispatcher: TestDispatcher
beforeAll(async () => {
  gateway = await startTcpGateway({ onRequest: (socket) => socket.write(httpAnswer(200, YES)) })
  dispatcher = await startDispatcher({ env: { GATEWAY_URL: gateway.url } })
  await insertClients(dispatcher.database, [
    { phone: 79160000001, attributes: { name: 'Ann' } },
    { phone: 79160000002, attributes: { name: 'Bob' }, timeZone: 'Asia/Omsk' },
    { phone: 79160000003 },
    { phone: 79160000004, optedOut: true },
  ])
  dispatcher.run()
})
afterAll(async () => {
  await dispatcher.stop()
  await gateway[Symbol.asyncDispose]()
})

const send = (id: number, body: object, headers = {}) =>
  dispatcher.post(`${MAILINGS}/${id}/test-sends`, body, headers)
const find = async (id: number) => (await dispatcher.get(`${MAILINGS}/${id}`)).json<Mailing>()
const idsIn = async (query: string) =>
  (await dispatcher.get(`${MAILINGS}${query}`)).json<{ items: Mailing[] }>().items.map(({ id }) => id)
const limits = { items: 10, bytes: 1e6 }

it('a test is sent to the named clients alone, at once, and counts in no statistics but its own', async () => {
  // A window that is open never: from now on, a draft with an audience of all clients.
  const { id } = await post(dispatcher, { ...END, draft: true, window: { from: '00:00', to: '00:01' } })
  const answer = await send(id, { clientIds: [1], phones: ['+7 (916) 000-00-02'] })
  expect(answer.statusCode).toBe(201)
  const test = answer.json<Mailing>()
  expect(test).toMatchObject({
    testOf: id,
    status: 'running',
    messageCount: 2,
    window: null,
    name: 'Test of Sale',
  })
  await eventually(async () => (await find(test.id)).status === 'completed')
  const { items } = await listMessages(dispatcher.database, { mailingId: test.id }, { limits })
  expect(items).toMatchObject([
    { status: 'sent', testOf: id },
    { status: 'sent', testOf: id },
  ])
  const texts = await Promise.all(
    items.map(async (message) => (await findMessage(dispatcher.database, message.id)).value!.lastAttempts[0]),
  )
  expect(texts.map((attempt) => [attempt!.phone, attempt!.text]).sort()).toEqual([
    [79160000001, 'Hello Ann'],
    [79160000002, 'Hello Bob'],
  ])
  expect(await find(id)).toMatchObject({ status: 'draft', messageCount: 0, testOf: null })
  expect((await readMailingStatistics(dispatcher.database, id)).value).toMatchObject({ total: 0 })
  expect((await readMailingStatistics(dispatcher.database, test.id)).value).toMatchObject({
    total: 2,
    testOf: id,
  })
  expect(await idsIn('')).not.toContain(test.id)
  expect(await idsIn(`?testOf=${id}`)).toEqual([test.id])
  const overview = await listMailingOverview(dispatcher.database, { limits })
  expect(overview.value.items.map((mailing) => mailing.id)).not.toContain(test.id)
  const today = { fromMs: Date.now() - 86_400_000, untilMs: Date.now() + 86_400_000 }
  const handled = await listHandledMailings(dispatcher.database, today)
  expect(handled.map((mailing) => mailing.id)).not.toContain(test.id)
  const history = (await dispatcher.get(`${MAILINGS}/${id}/history`)).json<{ items: object[] }>()
  expect(history.items[0]).toMatchObject({
    action: 'test_send',
    detail: { test: test.id, clientIds: [1, 2] },
  })
})

it('a test is made once for a key', async () => {
  const { id } = await post(dispatcher, { ...END, draft: true })
  const key = { 'idempotency-key': 'test of one' }
  const answers = await Promise.all([1, 2, 3].map(() => send(id, { clientIds: [3] }, key)))
  expect(new Set(answers.map((answer) => answer.json<Mailing>().id)).size).toBe(1)
  expect(await idsIn(`?testOf=${id}`)).toHaveLength(1)
  const other = await post(dispatcher, { ...END, draft: true })
  expectProblem(await send(other.id, { clientIds: [3] }, key), 409, 'conflict', 'idempotency-key')
})

it.each([
  ['nobody', {}, 'missing_field', '/clientIds'],
  ['a client that there is not', { clientIds: [1, 999] }, 'invalid_field', '/clientIds/1'],
  ['a phone that no client has', { phones: ['79160000009'] }, 'invalid_field', '/phones/0'],
  ['a client who has opted out', { phones: ['79160000001', '79160000004'] }, 'invalid_field', '/phones/1'],
  ['what is no phone', { phones: ['12'] }, 'invalid_field', '/phones/0'],
  [
    'more than a few',
    { clientIds: Array.from({ length: 21 }, (_, n) => n + 1) },
    'invalid_field',
    '/clientIds',
  ],
])('a test to %s is refused', async (_, body, code, field) => {
  const { id } = await post(dispatcher, { ...END, draft: true })
  expectProblem(await send(id, body), 400, code, field)
  expect(await idsIn(`?testOf=${id}`)).toEqual([])
})

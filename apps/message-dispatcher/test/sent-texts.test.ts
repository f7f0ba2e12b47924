import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { findMessage } from '@runnel/repositories-mailings'
import { eventually } from '@runnel/testing'
import { expectProblem, MAILINGS, NOON_MS as TODAY_MS, post } from './mailing-requests.ts'
import { firstMessageOf, NOON_MS, openSendingDatabase, type SendingDatabase } from './sending-database.ts'
import { startEngine } from './sending-engine.ts'
import { createFakeGateway, YES } from './sending-gateway.ts'
import { startDispatcher } from './start-dispatcher.ts'

let database: SendingDatabase
beforeAll(async () => {
  database = await openSendingDatabase()
})
afterAll(() => database.drop())

const attemptsOf = async (id: number) => (await findMessage(database, id)).value!.lastAttempts

it('every attempt is kept with the text and the phone that the gateway got, whatever changes after it', async () => {
  await database.insertMailing({ template: 'Hello {{ attributes.name }}', perChunk: 3 })
  await database.run(`update client set attributes = jsonb_build_object('name', 'client ' || id)`)
  const first = firstMessageOf(1)
  let nowMs = NOON_MS
  const gateway = createFakeGateway(() => nowMs)
  gateway.answer = ({ id }) => (id === first ? { outcome: 'refused', httpStatus: 503 } : YES)
  const engine = startEngine({ database, channel: gateway, nowMs: () => nowMs, random: () => 0.5 })
  try {
    await eventually(async () => (await database.counts())['sent'] === 2)
    await eventually(async () => (await database.counts())['retry'] === 1)
    await database.run(`update mailing set template = 'Bye {{ attributes.name }}', version = 2`)
    await database.run(
      `update client set phone = 79999999999, attributes = '{"name":"Zoe"}' where id = ${first}`,
    )
    await database.run(`delete from client where id = ${first + 1}`)
    gateway.answer = () => YES
    nowMs += 60_000
    engine.wake()
    await eventually(async () => (await database.counts())['sent'] === 3)
  } finally {
    await engine.drain()
  }
  const phone = 79_010_000_000 + first
  expect(await attemptsOf(first)).toMatchObject([
    { number: 2, text: 'Bye Zoe', phone: 79_999_999_999, version: 2, outcome: 'accepted' },
    { number: 1, text: `Hello client ${first}`, phone, version: 1, outcome: 'refused' },
  ])
  expect(await attemptsOf(first + 1)).toMatchObject([{ text: `Hello client ${first + 1}`, phone: phone + 1 }])
})

it('nothing is kept where texts are not to be kept', async () => {
  await database.insertMailing({ mailingId: 2, perChunk: 1 })
  const gateway = createFakeGateway(() => NOON_MS)
  const engine = startEngine({
    database,
    channel: gateway,
    nowMs: () => NOON_MS,
    options: { keepsTexts: false },
  })
  await eventually(async () => (await database.counts())['sent'] === 4)
  await engine.drain()
  expect(await attemptsOf(firstMessageOf(2))).toMatchObject([{ text: null, phone: null, version: null }])
})

it('the texts of a mailing are kept with the versions that brought them, also once it is deleted', async () => {
  await using dispatcher = await startDispatcher({ nowMs: TODAY_MS })
  const { id } = await post(dispatcher, { text: 'One' })
  for (const edit of [
    { name: 'n' },
    { text: 'Two' },
    { text: 'Two' },
    { ratePerSecond: 5 },
    { text: 'Three' },
  ])
    await dispatcher.patch(`${MAILINGS}/${id}`, edit)
  await dispatcher.delete(`${MAILINGS}/${id}`)
  const texts = (query = '') => dispatcher.get(`${MAILINGS}/${id}/texts${query}`)
  const whole = (await texts()).json<{ items: object[]; nextCursor: string | null }>()
  const at = new Date(TODAY_MS).toISOString()
  expect(whole).toEqual({
    items: [
      { version: 5, text: 'Three', subject: null, at },
      { version: 3, text: 'Two', subject: null, at },
      { version: 1, text: 'One', subject: null, at },
    ],
    nextCursor: null,
  })
  const page = (await texts('?limit=2')).json<{ items: object[]; nextCursor: string }>()
  expect(page.items).toEqual(whole.items.slice(0, 2))
  const rest = (await texts(`?limit=2&cursor=${page.nextCursor}`)).json()
  expect(rest).toEqual({ items: whole.items.slice(2), nextCursor: null })
  expectProblem(await texts('?cursor=x'), 400, 'invalid_cursor')
})

import { beforeAll, expect, test } from '@jest/globals'
import { MESSAGE_STATUSES, type MessageStatus } from '@runnel/contracts'
import { packTexts } from '@runnel/repositories-mailings'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { cleanRedis } from './clean-redis.ts'
import { insertAttempt, insertMailing, transition } from './mailing-rows.ts'
import { useSuite } from './suite.ts'

/** The clock of the cache in this process: what is fresh for a second stays so until the clock is moved. */
let nowMs = 1_000_000

const suite = useSuite({ now: () => nowMs })

const AT_MS = Date.parse('2026-03-01T12:34:56.789Z')
const AT = new Date(AT_MS).toISOString()

beforeAll(async () => {
  const { database } = suite.writer
  await insertMailing(database, { id: 1, messages: 4, firstMessageId: 100 })
  for (let id = 2; id <= 26; id++)
    await insertMailing(database, { id, messages: 1, firstMessageId: id * 1000 })
  const changes = [
    { messageId: 100, to: 'sent' as const, attempts: 1 },
    { messageId: 101, to: 'failed' as const, attempts: 1, reason: 'code_7' },
  ]
  await transition(database, changes, AT_MS)
  await insertAttempt(database, 101, new Date())
})

const counts = (some: Partial<Record<MessageStatus, number>>) => ({
  ...Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, 0])),
  ...some,
})

test('the statistics of a mailing count its messages by status, operator, tag and hour', async () => {
  const response = await suite.api.get('/api/v1/mailings/1/stats')
  const [even, odd] = [counts({ pending: 1, sent: 1 }), counts({ pending: 1, failed: 1 })]
  expect(response.json()).toEqual({
    ...{ id: 1, name: 'Mailing 1', status: 'running' },
    ...{ start: '2026-01-01T00:00:00.000Z', end: '2099-01-01T00:00:00.000Z' },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null, settledAt: null },
    ...{ deletedAt: null, testOf: null, channel: 'gateway' },
    ...{ materialised: true, materialisedShare: 1 },
    total: 4,
    counts: counts({ pending: 2, sent: 1, failed: 1 }),
    ratePerSecond: 0,
    estimatedFinish: null,
    byOperator: {
      items: [
        { operatorCode: '901', total: 2, counts: even },
        { operatorCode: '902', total: 2, counts: odd },
      ],
      rest: null,
    },
    byTag: {
      items: [
        { tag: '', total: 2, counts: even },
        { tag: 'vip', total: 2, counts: odd },
      ],
      rest: null,
    },
    byHour: {
      items: [{ at: '2026-03-01T12:00:00.000Z', total: 2, counts: counts({ sent: 1, failed: 1 }) }],
      rest: null,
    },
  })
})

test('mailings are listed with their counts, the newest first, page after page', async () => {
  const ids: number[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const response = await suite.api.get(`/api/v1/mailings/stats?limit=10${cursor && `&cursor=${cursor}`}`)
    const page = response.json<{ items: { id: number; total: number }[]; nextCursor: string | null }>()
    for (const { id, total } of page.items) {
      ids.push(id)
      expect(total).toBe(id === 1 ? 4 : 1)
    }
    cursor = page.nextCursor
  }
  expect(ids).toEqual(Array.from({ length: 26 }, (_, i) => 26 - i))
})

test('mailings of one status are listed by themselves', async () => {
  const idsOf = async (status: string) => {
    const { items } = (await suite.api.get(`/api/v1/mailings/stats?status=${status}`)).json()
    return items.map((item: { id: number; status: string }) => [item.id, item.status])
  }
  expect((await idsOf('running')).length).toBeGreaterThan(0)
  expect(new Set((await idsOf('running')).map(([, status]: [number, string]) => status))).toEqual(
    new Set(['running']),
  )
  expect(await idsOf('expired')).toEqual([])
})

test.each(['/api/v1/mailings/stats', '/api/v1/mailings/7/stats', '/api/v1/messages/102'])(
  'the second answer to %s comes from the cache, and a client that has it already gets 304',
  async (url) => {
    const first = await suite.api.get(url)
    expect(first.headers['cache-status']).toBe('runnel; fwd=miss')
    const second = await suite.api.get(url, { 'if-none-match': String(first.headers.etag) })
    expect([second.statusCode, second.headers['cache-status']]).toEqual([304, 'runnel; hit'])
  },
)

test('statistics, lists and messages show what has changed once a second has passed, and no notice is needed', async () => {
  const urls = ['/api/v1/mailings/20/stats', '/api/v1/mailings/stats', '/api/v1/messages/20000']
  urls.push('/api/v1/messages?mailing=20')
  for (const url of urls) expect((await suite.api.get(url)).body).not.toMatch(/"retry":1|"status":"retry"/)
  await transition(suite.writer.database, [{ messageId: 20000, to: 'retry' }])
  for (const url of urls)
    await eventually(async () => {
      nowMs += 100
      return /"retry":1|"status":"retry"/.test((await suite.api.get(url)).body)
    })
})

test.each([
  ['retry', 'runnel; fwd=miss'],
  ['failed', 'runnel; fwd=miss'],
  ['sent', 'runnel; hit'],
  ['cancelled', 'runnel; hit'],
] as const)('a message that is %s is after two seconds: %s', async (to, status) => {
  const messageId = { retry: 6000, failed: 7000, sent: 8000, cancelled: 9000 }[to]
  await transition(suite.writer.database, [{ messageId, to }])
  await suite.api.get(`/api/v1/messages/${messageId}`)
  nowMs += 2000
  // Redis's clock goes on as ever.
  await cleanRedis(suite.prefix)
  expect((await suite.api.get(`/api/v1/messages/${messageId}`)).headers['cache-status']).toBe(status)
})

test('a message comes with its attempts', async () => {
  const message = {
    id: 101,
    mailingId: 1,
    clientId: 2,
    testOf: null,
    channel: 'gateway',
    operatorCode: '902',
    tag: 'vip',
  }
  const state = { status: 'failed', attempts: 1, reason: 'code_7', updatedAt: AT }
  expect((await suite.api.get('/api/v1/messages/101')).json()).toEqual({
    ...message,
    ...state,
    lastAttempts: [
      {
        ...{ number: 1, startedAt: expect.stringMatching(/^20.*Z$/), durationMs: 12, outcome: 'failed' },
        ...{ httpStatus: 400, gatewayCode: 7, detail: 'no such number' },
        ...{ phone: null, address: null, version: null, text: null, subject: null },
      },
    ],
  })
  expect((await suite.api.get('/api/v1/messages?mailing=1&status=failed')).json()).toEqual({
    items: [{ ...message, ...state, phone: null, address: null }],
    nextCursor: null,
  })
})

test('messages are found by mailing, client and status, page after page', async () => {
  const find = async (query: string) => {
    const ids: number[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const response = await suite.api.get(
        `/api/v1/messages?limit=3&${query}${cursor && `&cursor=${cursor}`}`,
      )
      const page = response.json<{ items: { id: number }[]; nextCursor: string | null }>()
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    return ids
  }
  expect(await find('mailing=1')).toEqual([103, 102, 101, 100])
  expect(await find('mailing=1&client=3')).toEqual([102])
  expect(await find('client=2')).toEqual([101])
  expect(await find('client=1&status=sent')).toEqual([8000, 100])
  expect(await find('mailing=4711')).toEqual([])
  expect(await find('')).toHaveLength(29)
})

test('what a person got is found by the phone, and read as it was sent', async () => {
  const { database } = suite.writer
  const texts = await packTexts(['Hello Ann', 'Hello Bob'])
  await sql`with kept as (insert into sent_text (texts) values (${texts}) returning id)
    update attempt set phone = 79161234567, version = 4, text_place = 1, text_id = (select id from kept)
    where message_id = 101`.execute(database.kysely)
  for (const phone of ['79161234567', '%2B79161234567']) {
    const found = await suite.api.get(`/api/v1/messages?phone=${phone}`)
    expect(found.json()).toMatchObject({ items: [{ id: 101, phone: '79161234567' }], nextCursor: null })
  }
  expect((await suite.api.get('/api/v1/messages?phone=79160000000')).json()).toMatchObject({ items: [] })
  nowMs += 2000
  await cleanRedis(suite.prefix)
  expect((await suite.api.get('/api/v1/messages/101')).json()).toMatchObject({
    lastAttempts: [{ phone: '79161234567', version: 4, text: 'Hello Bob' }],
  })
})

test('mailings are searched by name, and deleted ones are listed on demand and keep their statistics', async () => {
  const { database } = suite.writer
  const ids = async (query: string) => {
    const page = (await suite.api.get(`/api/v1/mailings/stats?limit=50&${query}`)).json<{
      items: { id: number }[]
    }>()
    return page.items.map(({ id }) => id)
  }
  const before = await ids('')
  await sql`update mailing set name = 'Весна 50%' where id = 1`.execute(database.kysely)
  expect(await ids(`q=${encodeURIComponent('весна 50%')}`)).toEqual([1])
  expect(await ids('q=')).toEqual(before)
  await sql`update mailing set deleted_at = now() where id = 1`.execute(database.kysely)
  try {
    expect(await ids('')).toEqual(before.filter((id) => id !== 1))
    expect(await ids('deleted=true')).toEqual(before)
    nowMs += 2000
    await cleanRedis(suite.prefix)
    const statistics = await suite.api.get('/api/v1/mailings/1/stats')
    expect(statistics.json()).toMatchObject({ id: 1, deletedAt: expect.stringMatching(/Z$/) })
  } finally {
    await sql`update mailing set deleted_at = null where id = 1`.execute(database.kysely)
  }
})

test.each(['/api/v1/mailings/4711/stats', '/api/v1/messages/4711'])('there is no %s', async (url) => {
  const response = await suite.api.get(url)
  expect([response.statusCode, response.json().code]).toEqual([404, 'not_found'])
})

test.each([
  ['/api/v1/mailings/0/stats', 'id'],
  ['/api/v1/mailings/x/stats', 'id'],
  ['/api/v1/messages/9007199254740993', 'id'],
  ['/api/v1/messages?mailing=1e3', 'mailing'],
  ['/api/v1/messages?client=-1', 'client'],
  ['/api/v1/messages?status=lost', 'status'],
  ['/api/v1/messages?tag=a', 'tag'],
  ['/api/v1/messages?phone=0', 'phone'],
  ['/api/v1/mailings/stats?deleted=1', 'deleted'],
  ['/api/v1/mailings/stats?limit=101', 'limit'],
  ['/api/v1/mailings/stats?status=gone', 'status'],
  // A cursor of products.
  ['/api/v1/messages?cursor=aTE', 'cursor'],
  ['/api/v1/mailings/stats?cursor=aTE', 'cursor'],
])('%s is refused for its %s', async (url, field) => {
  const response = await suite.api.get(url)
  expect([response.statusCode, response.json().field]).toEqual([400, field])
})

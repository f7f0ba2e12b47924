import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MailingWithWarnings } from '@runnel/contracts/api/mailing'
import { connectDatabase } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { insertClients, mailing, MAILINGS, NOON_MS, post } from './mailing-requests.ts'
import { startDispatcher, type Answer, type TestDispatcher } from './start-dispatcher.ts'

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
  await insertClients(dispatcher.database, [
    { phone: 79160000001, attributes: { name: 'Ann', order: { city: 'Omsk' } }, tag: 'vip' },
    { phone: 79160000002, attributes: { name: 'x'.repeat(2000) }, tag: 'long' },
    { phone: 79030000003, attributes: { name: ' ' }, tag: 'omsk', timeZone: 'Asia/Omsk' },
    { phone: 79030000004, optedOut: true, tag: 'out' },
  ])
})
afterAll(() => dispatcher.stop())

const warningsIn = (answer: Answer) => answer.json<MailingWithWarnings>().warnings
const at = (ms: number) => new Date(NOON_MS + ms).toISOString()

const VIP = { filter: { tags: ['vip'] }, text: 'Hello {{ attributes.name }}' }

/** Noon in UTC is 15:00 in Moscow and 18:00 in Omsk. */
const CASES: [string, object, [code: string, field: string, message: string][]][] = [
  ['nothing that is wrong', VIP, []],
  [
    'an end before the first attempt could be over',
    { ...VIP, end: at(11_000) },
    [['too_short_to_send', '/end', 'may be sent for 11 s, and an attempt may take 11 s']],
  ],
  ['an end just behind that', { ...VIP, end: at(11_001) }, []],
  [
    'a start soon before the end',
    { ...VIP, start: at(3_600_000), end: at(3_605_000) },
    [['too_short_to_send', '/end', 'for 5 s']],
  ],
  [
    'a window that opens behind the end',
    { ...VIP, window: { from: '09:00', to: '14:00' }, end: at(3_600_000) },
    [['window_never_opens', '/window', '09:00 to 14:00']],
  ],
  ['a window that is open', { ...VIP, window: { from: '09:00', to: '16:00' }, end: at(3_600_000) }, []],
  [
    'a window that some zones miss',
    { ...VIP, filter: { tags: ['vip', 'omsk'] }, window: { from: '09:00', to: '16:00' }, end: at(3_600_000) },
    [['window_misses_zones', '/window', 'not in Asia/Omsk']],
  ],
  ['a blank text', { ...VIP, text: ' \n' }, [['text_empty', '/text', 'The text is empty']]],
  [
    'a text that comes to nothing',
    { filter: { tags: ['omsk', 'vip'] }, text: '{{ attributes.name }}' },
    [['text_empty', '/text', 'For 1 of the 2 clients']],
  ],
  [
    'a text that is too long for some',
    { ...VIP, filter: { tags: ['vip', 'long'] } },
    [['text_too_long', '/text', 'For 1 of the 2 clients']],
  ],
  ['nobody', { ...VIP, filter: { tags: ['none'] } }, [['audience_empty', '/filter', 'No client is reached']]],
  ['clients who have opted out', { ...VIP, filter: { tags: ['out'] } }, [['audience_empty', '/filter', '']]],
  [
    'a variable that is misspelt',
    { ...VIP, text: 'Hello {{ attributes.nmae }} of {{attributes.order.city}}' },
    [
      [
        'variable_empty',
        '/text',
        'attributes.nmae is empty for all 1 clients looked at: did you mean attributes.name?',
      ],
    ],
  ],
  [
    'an attribute without its prefix',
    { ...VIP, text: 'Hello {% if name %}{{ name | upcase }}{% endif %} {{ phone }}' },
    [['variable_empty', '/text', 'did you mean attributes.name?']],
  ],
  [
    'variables that the text assigns, and what Liquid computes',
    { ...VIP, text: '{% assign a = attributes.name | size %}{{ a }} {{ attributes.name.size }} {{ tag }}' },
    [],
  ],
]

describe('a mailing gets warnings about', () => {
  it.each(CASES)('%s', async (_, members, warnings) => {
    const expected = warnings.map(([code, field, message]) =>
      expect.objectContaining({ code, field, message: expect.stringContaining(message) }),
    )
    const created = await dispatcher.post(MAILINGS, mailing({ ...members, draft: true }))
    expect(created.statusCode).toBe(201)
    expect(warningsIn(created)).toEqual(expected)
    const { id, text, start, end, filter, window } = created.json<MailingWithWarnings>()
    const answers = [
      await dispatcher.post(`${MAILINGS}/preview`, { text, start, end, filter, window }),
      await dispatcher.get(`${MAILINGS}/${id}/audience`),
      await dispatcher.patch(`${MAILINGS}/${id}`, { name: 'Changed' }),
      await dispatcher.post(`${MAILINGS}/${id}/schedule`),
    ]
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200)
      expect(warningsIn(answer)).toEqual(expected)
    }
  })
})

it('a mailing that is stored is said to be, even where nothing can be found out about its audience', async () => {
  const database = connectDatabase({
    url: dispatcher.databaseUrl,
    applicationName: 'test',
    poolSize: 4,
    statementTimeoutMs: 300,
  })
  const impatient = await startDispatcher({ databaseUrl: dispatcher.databaseUrl, deps: { database } })
  try {
    await dispatcher.database.kysely.transaction().execute(async (trx) => {
      await sql`lock table client in access exclusive mode`.execute(trx)
      const end = new Date(Date.now() + 3_600_000).toISOString()
      const created = await impatient.post(MAILINGS, { text: 'Hi', end, draft: true })
      expect(created.statusCode).toBe(201)
      expect(warningsIn(created)).toEqual([expect.objectContaining({ code: 'audience_not_checked' })])
    })
  } finally {
    await impatient.stop()
    await database.close()
  }
})

it('a mailing that is paused or cancelled is not looked at', async () => {
  const { id } = await post(dispatcher, { text: ' ' })
  expect(warningsIn(await dispatcher.post(`${MAILINGS}/${id}/cancel`))).toEqual([])
})

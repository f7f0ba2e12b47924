import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { createUnsubscribeLinks } from '../src/unsubscribe/unsubscribe-links.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const OPTIONS = { url: 'https://news.example.com', secret: 'a secret of thirty-two characters' }
const ENV = {
  ...{ UNSUBSCRIBE_URL: OPTIONS.url, UNSUBSCRIBE_SECRET: OPTIONS.secret },
  ...{ EMAIL_HOST: '127.0.0.1', EMAIL_FROM: 'news@example.com' },
}
const links = createUnsubscribeLinks(OPTIONS)!

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({ env: ENV })
})
afterAll(() => dispatcher.stop())
beforeEach(() =>
  sql`truncate client, suppression, suppressed_address, audit_log`.execute(dispatcher.database.kysely),
)

const pathOf = (claim: Parameters<typeof links.of>[0]) => new URL(links.of(claim)).pathname
const ANN = { mailingId: 3, clientId: 7, address: 'Ann@example.com' }
const post = (url: string, body?: string, type = 'application/x-www-form-urlencoded') =>
  dispatcher.inject({
    method: 'POST',
    url,
    ...(body !== undefined && { payload: body, headers: { 'content-type': type } }),
  })
const suppressed = async () =>
  (
    await dispatcher.database.kysely
      .selectFrom('suppressed_address')
      .select(['channel', 'address', 'reason', 'source', 'actor', 'mailing_id', 'client_id'])
      .execute()
  ).map((row) => ({ ...row }))

describe('a link to opt out', () => {
  it('shows a page with a button, and changes nothing, whatever program opens it', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS'] as const)
      await dispatcher.inject({ method, url: pathOf(ANN) })
    const page = await dispatcher.get(pathOf(ANN))
    expect(page.statusCode).toBe(200)
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching("default-src 'none'"),
    })
    expect(page.body).toMatch('<form method="post">')
    expect(page.body).toMatch('A…@example.com')
    expect(page.body).not.toMatch('Ann@')
    expect(await suppressed()).toEqual([])
  })

  it.each([
    ['no body', undefined, undefined],
    ['one click, as a form', 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'],
    [
      'one click, as a multipart form',
      '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
      'multipart/form-data; boundary=x',
    ],
    ['another body', '{"a":1}', 'application/json'],
  ])('opts out by a POST with %s', async (_, body, type) => {
    const answer = await post(pathOf(ANN), body, type)
    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringMatching('Unsubscribed')])
    expect(await suppressed()).toEqual([
      {
        ...{ channel: 'email', address: 'ann@example.com', reason: 'opted_out', source: 'one-click' },
        ...{ actor: 'client 7', mailing_id: 3, client_id: 7 },
      },
    ])
  })

  it.each([
    ['a page of web mail', { origin: 'https://webmail.example', 'sec-fetch-site': 'cross-site' }],
    ['a page without an origin', { origin: 'null' }],
  ])('opts out by a POST from %s', async (_, headers) => {
    const { statusCode } = await dispatcher.inject({ method: 'POST', url: pathOf(ANN), headers })
    expect(statusCode).toBe(200)
    expect(await suppressed()).toHaveLength(1)
  })

  it('works for addresses as long as they may be', async () => {
    const address = `${'a'.repeat(64)}@${'x'.repeat(60)}.${'y'.repeat(60)}.${'z'.repeat(60)}.example`
    expect((await post(pathOf({ ...ANN, address }))).statusCode).toBe(200)
    expect(await suppressed()).toMatchObject([{ address }])
  })

  it('opts out once, however often and in whatever case of letters, and notes it once', async () => {
    await Promise.all([post(pathOf(ANN)), post(pathOf(ANN)), post(pathOf({ ...ANN, mailingId: 9 }))])
    await post(pathOf({ ...ANN, address: 'ANN@example.com' }))
    expect(await suppressed()).toHaveLength(1)
    const { items } = (await dispatcher.get('/api/v1/audit?subject=suppression')).json<{ items: object[] }>()
    expect(items).toMatchObject([
      { actor: 'client 7', action: 'create', detail: { channel: 'email', address: 'ann@example.com' } },
    ])
  })

  it('holds the e-mail address back, through deletion and import of its client', async () => {
    const client = { phone: '79160000001', timeZone: 'UTC', email: ANN.address }
    const { id } = (await dispatcher.post('/api/v1/clients', client)).json<{ id: number }>()
    await post(pathOf(ANN))
    await dispatcher.delete(`/api/v1/clients/${id}`)
    await dispatcher.inject({
      ...{
        method: 'POST',
        url: '/api/v1/clients/import?timeZone=UTC',
        headers: { 'content-type': 'text/csv' },
      },
      payload: 'phone,email\n79160000001,ann@Example.com\n79160000002,bob@example.com\n',
    })
    const email = { text: 'x', channel: 'email', subject: 's' }
    const reached = (await dispatcher.post('/api/v1/mailings/preview', email)).json()
    expect(reached).toMatchObject({ count: 1, sample: [{ address: 'bob@example.com' }] })
    // By phone, she is reached: what she opted out of are e-mails.
    expect((await dispatcher.post('/api/v1/mailings/preview', { text: 'x' })).json()).toMatchObject({
      count: 2,
    })
  })

  it('that is not known is a page with 404, and opts out nobody', async () => {
    const foreign = createUnsubscribeLinks({ ...OPTIONS, secret: 'another secret, of many characters' })!
    for (const url of ['/unsubscribe/x', `${pathOf(ANN)}A`, new URL(foreign.of(ANN)).pathname]) {
      expect((await post(url)).statusCode).toBe(404)
      const page = await dispatcher.get(url)
      expect([page.statusCode, page.body]).toEqual([404, expect.stringMatching('Unknown link')])
    }
    expect(await suppressed()).toEqual([])
  })
})

describe('the texts of e-mails', () => {
  const preview = async (members: object, of = dispatcher) =>
    (await of.post('/api/v1/mailings/preview', { channel: 'email', subject: 's', ...members })).json<{
      sample: { text: string }[]
      warnings: { code: string }[]
    }>()

  it('may hold the link, which the preview shows as an example', async () => {
    await dispatcher.post('/api/v1/clients', { phone: '79160000001', timeZone: 'UTC', email: ANN.address })
    const { sample, warnings } = await preview({ text: 'Bye: {{ unsubscribeUrl }}' })
    expect(sample[0]!.text).toBe('Bye: https://news.example.com/unsubscribe/example')
    expect(warnings).toEqual([])
  })

  it('are warned of where links are not configured', async () => {
    await using other = await startDispatcher()
    const { warnings } = await preview({ text: 'x' }, other)
    expect(warnings.map(({ code }) => code)).toContain('no_unsubscribe_url')
    expect((await other.inject({ method: 'POST', url: pathOf(ANN) })).statusCode).toBe(404)
  })
})

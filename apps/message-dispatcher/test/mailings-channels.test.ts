import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { startDispatcher, type Answer, type TestDispatcher } from './start-dispatcher.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const URL = '/api/v1/mailings'
const EMAIL = { channel: 'email', subject: 'News, {{ tag }}', text: 'Hello', end: '2026-03-02T12:00:00Z' }

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({
    nowMs: NOW_MS,
    env: {
      ...{ EMAIL_HOST: '127.0.0.1', EMAIL_FROM: 'news@example.com' },
      ...{ UNSUBSCRIBE_URL: 'https://a.example', UNSUBSCRIBE_SECRET: 'a secret of thirty-two characters' },
    },
  })
})
afterAll(() => dispatcher.stop())
beforeEach(async () => {
  await sql`truncate client, suppressed_address, mailing, mailing_text, audit_log restart identity cascade`.execute(
    dispatcher.database.kysely,
  )
  for (const [i, email] of ['ann@example.com', 'bob@example.com', null].entries()) {
    const client = { phone: `7916000000${i}`, timeZone: 'UTC', tag: 'vip', email }
    expect((await dispatcher.post('/api/v1/clients', client)).statusCode).toBe(201)
  }
})

const create = async (members: object = {}): Promise<Record<string, unknown> & { id: number }> => {
  const answer = await dispatcher.post(URL, { ...EMAIL, draft: true, ...members })
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)])
  return answer.json()
}
const problem = (answer: Answer) => {
  const { status, code, field } = answer.json<{ status: number; code: string; field?: string }>()
  return [status, code, field]
}

describe('the channel of a mailing', () => {
  it('is the gateway unless another is named, which is shown everywhere', async () => {
    expect(await create({ channel: undefined, subject: undefined })).toMatchObject({
      channel: 'gateway',
      subject: null,
    })
    const made = await create()
    expect(made).toMatchObject({ channel: 'email', subject: EMAIL.subject })
    expect((await dispatcher.get(`${URL}/${made.id}`)).json()).toMatchObject({ channel: 'email' })
    const copy = await dispatcher.post(`${URL}/${made.id}/copy`)
    expect(copy.json()).toMatchObject({ channel: 'email', subject: EMAIL.subject })
  })

  it('is refused by name where nothing is configured that would send it', async () => {
    const answer = await dispatcher.post(URL, { ...EMAIL, channel: 'webhook', subject: undefined })
    expect(problem(answer)).toEqual([409, 'channel_not_configured', '/channel'])
    expect(answer.json()).toMatchObject({ setting: 'WEBHOOK_SECRET' })
    const { id } = await create()
    expect(problem(await dispatcher.patch(`${URL}/${id}`, { channel: 'webhook', subject: null }))).toEqual([
      409,
      'channel_not_configured',
      '/channel',
    ])
    expect((await dispatcher.post(URL, { ...EMAIL, channel: 'sms' })).statusCode).toBe(400)
  })

  it('is warned of before anything is made, and where a draft has lost its channel', async () => {
    const codes = (answer: Answer) =>
      answer
        .json<{ warnings: { code: string; field: string }[] }>()
        .warnings.map(({ code, field }) => [code, field])
    const missing = ['channel_not_configured', '/channel']
    const preview = await dispatcher.post(`${URL}/preview`, { channel: 'webhook', text: 'Hello', filter: {} })
    expect([preview.statusCode, codes(preview)[0]]).toEqual([200, missing])
    const configured = await dispatcher.post(`${URL}/preview`, { ...EMAIL, end: undefined, filter: {} })
    expect(codes(configured)).not.toContainEqual(missing)
    const { id } = await create()
    await sql`update mailing set channel = 'webhook', subject = null where id = ${id}`.execute(
      dispatcher.database.kysely,
    )
    expect(codes(await dispatcher.get(`${URL}/${id}/audience`))[0]).toEqual(missing)
  })

  it('has a subject with something in it', async () => {
    for (const subject of ['', '  ']) {
      const answer = await dispatcher.post(URL, { ...EMAIL, subject })
      expect(problem(answer)).toEqual([400, 'invalid_field', '/subject'])
    }
  })

  it('is not started, tested, resumed or tried again where its channel was taken away since it was made', async () => {
    const { id } = await create()
    await sql`update mailing set channel = 'webhook', subject = null where id = ${id}`.execute(
      dispatcher.database.kysely,
    )
    for (const action of ['schedule', 'resume', 'retry-failed'])
      expect(problem(await dispatcher.post(`${URL}/${id}/${action}`))).toEqual([
        409,
        'channel_not_configured',
        '/channel',
      ])
    const test = await dispatcher.post(`${URL}/${id}/test-sends`, { phones: ['79160000001'] })
    expect(problem(test)).toEqual([409, 'channel_not_configured', '/channel'])
    expect((await dispatcher.post(`${URL}/${id}/cancel`)).statusCode).toBe(200)
  })

  it('needs a subject exactly where it has one', async () => {
    expect(problem(await dispatcher.post(URL, { ...EMAIL, subject: null }))).toEqual([
      400,
      'missing_field',
      '/subject',
    ])
    expect(problem(await dispatcher.post(URL, { ...EMAIL, channel: 'gateway' }))).toEqual([
      400,
      'invalid_field',
      '/subject',
    ])
    const wrong = await dispatcher.post(URL, { ...EMAIL, subject: 'Hello {{ tag | shout }}' })
    expect(problem(wrong)).toEqual([400, 'invalid_field', '/subject'])
    const slow = '{% for i in (1..200) %}{% for j in (1..200) %}{{ tag }}{% endfor %}{% endfor %}'
    const answer = await dispatcher.post(URL, { ...EMAIL, subject: slow })
    expect(answer.json()).toMatchObject({ field: '/subject', problem: 'template_too_slow' })
  })

  it('may change until the mailing has started, with the subject that it then needs', async () => {
    const { id } = await create()
    const edit = (patch: object) => dispatcher.patch(`${URL}/${id}`, patch)
    expect(problem(await edit({ channel: 'gateway' }))).toEqual([400, 'invalid_field', '/subject'])
    expect((await edit({ channel: 'gateway', subject: null })).json()).toMatchObject({ channel: 'gateway' })
    expect((await edit({ channel: 'email', subject: 'Again' })).json()).toMatchObject({ subject: 'Again' })
    expect((await edit({ subject: 'Once more' })).json()).toMatchObject({ channel: 'email' })
    await sql`update mailing set status = 'running', started_at = now(), audience_through = 0`.execute(
      dispatcher.database.kysely,
    )
    expect(problem(await edit({ channel: 'gateway', subject: null }))).toEqual([409, 'conflict', '/channel'])
    expect((await edit({ subject: 'Late' })).json()).toMatchObject({ subject: 'Late' })
    const { items } = (await dispatcher.get(`${URL}/${id}/texts`)).json<{ items: { subject: string }[] }>()
    expect(items.map(({ subject }) => subject)).toEqual(['Late', 'Once more', 'Again', null, EMAIL.subject])
  })
})

describe('the preview of a mailing by e-mail', () => {
  const preview = async (members: object = {}) => {
    const { channel, subject, text } = EMAIL
    const answer = await dispatcher.post(`${URL}/preview`, { channel, subject, text, ...members })
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)])
    return answer.json<{ warnings: { code: string; field: string }[]; [member: string]: unknown }>()
  }

  it('shows whom it reaches, at which address, with which subject, and how many lack an address', async () => {
    const shown = await preview()
    expect(shown).toMatchObject({ count: 2, withoutAddress: 1 })
    expect(shown['sample']).toMatchObject([
      { address: 'ann@example.com', subject: 'News, vip', text: 'Hello' },
      { address: 'bob@example.com' },
    ])
    expect(shown.warnings).toMatchObject([{ code: 'no_address', field: '/channel' }])
    expect(await preview({ channel: 'gateway', subject: null })).toMatchObject({
      count: 3,
      withoutAddress: 0,
      warnings: [],
    })
  })

  it('warns where no client has an address, and of a subject that is empty', async () => {
    const nobody = await preview({ channel: 'webhook', subject: null })
    expect(nobody).toMatchObject({ count: 0, withoutAddress: 3 })
    expect(nobody.warnings).toMatchObject([{ code: 'channel_not_configured' }, { code: 'no_address' }])
    const empty = await preview({ subject: '{{ attributes.title }}' })
    expect(empty.warnings.map(({ code, field }) => [code, field])).toEqual([
      ['no_address', '/channel'],
      ['text_empty', '/subject'],
      ['variable_empty', '/subject'],
    ])
  })
})

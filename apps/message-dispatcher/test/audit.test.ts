import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { AuditEntry } from '@runnel/contracts/api/audit'
import type { Page } from '@runnel/contracts/api/page'
import { sql } from 'kysely'
import { expectProblem, MAILINGS, NOON_MS, post } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const CLIENTS = '/api/v1/clients'

let dispatcher: TestDispatcher
let mailingId: number
let clientId: number

beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
  mailingId = (await post(dispatcher)).id
  await dispatcher.patch(`${MAILINGS}/${mailingId}`, { name: 'Other' })
  await dispatcher.post(`${MAILINGS}/${mailingId}/cancel`)
  const client = { phone: '79161234567', timeZone: 'UTC', tag: 'a' }
  clientId = (await dispatcher.post(CLIENTS, client)).json<{ id: number }>().id
  await dispatcher.patch(`${CLIENTS}/${clientId}`, { tag: 'b', optedOut: true })
  await dispatcher.delete(`${CLIENTS}/${clientId}`)
  await sql`update audit_log set actor = 'bob' where action in ('cancel', 'delete')`.execute(
    dispatcher.database.kysely,
  )
})
afterAll(() => dispatcher.stop())

const read = async (query: string): Promise<Page<AuditEntry>> =>
  (await dispatcher.get(`/api/v1/audit?${query}`)).json()
const actions = async (query: string) =>
  (await read(query)).items.map(({ subject, action }) => `${subject} ${action}`)

describe('the audit log', () => {
  it('says who did what to which object, the latest first', async () => {
    const { items, nextCursor } = await read('')
    expect(nextCursor).toBeNull()
    expect(items.map(({ subject, subjectId, action }) => [subject, subjectId, action])).toEqual([
      ['client', clientId, 'delete'],
      ['client', clientId, 'edit'],
      ['client', clientId, 'create'],
      ['mailing', mailingId, 'cancel'],
      ['mailing', mailingId, 'edit'],
      ['mailing', mailingId, 'create'],
    ])
    expect(items[1]).toMatchObject({
      at: expect.stringMatching(/^20.*Z$/),
      detail: { before: { tag: 'a', optedOut: false }, after: { tag: 'b', optedOut: true } },
    })
  })

  it('is read by object, actor, action and time', async () => {
    expect(await actions(`subject=client&subjectId=${clientId}`)).toEqual([
      'client delete',
      'client edit',
      'client create',
    ])
    expect(await actions(`subject=mailing&subjectId=${mailingId + 1}`)).toEqual([])
    expect(await actions('actor=bob')).toEqual(['client delete', 'mailing cancel'])
    expect(await actions('actor=bob&subject=mailing')).toEqual(['mailing cancel'])
    expect(await actions('action=edit')).toEqual(['client edit', 'mailing edit'])
    const { items } = await read('')
    await sql`update audit_log set at = '2026-01-01T10:00:00Z' where id = ${items[2]!.id}`.execute(
      dispatcher.database.kysely,
    )
    expect(await actions('to=2026-01-01T10:00:01Z')).toEqual(['client create'])
    expect(await actions('from=2026-01-01T13:00:00%2B03:00&to=2026-01-01T10:00:00.001Z')).toHaveLength(1)
    expect(await actions('from=2026-01-01T10:00:00.001Z')).toHaveLength(5)
    expect(await actions('to=2026-01-01T10:00:00Z')).toEqual([])
  })

  it('comes page by page', async () => {
    const whole = (await read('')).items
    const found: AuditEntry[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<AuditEntry> = await read(`limit=4${cursor && `&cursor=${cursor}`}`)
      found.push(...page.items)
      cursor = page.nextCursor
    }
    expect(found).toEqual(whole)
  })

  it.each([
    ['subject=product', 'invalid_field', 'subject'],
    ['subjectId=0', 'invalid_field', 'subjectId'],
    ['from=2026-01-01T10:00:00', 'invalid_field', 'from'],
    ['to=yesterday', 'invalid_field', 'to'],
    ['who=ann', 'invalid_field', undefined],
    ['cursor=bzE3', 'invalid_cursor', undefined],
  ])('refuses %s', async (query, code, field) => {
    expectProblem(await dispatcher.get(`/api/v1/audit?${query}`), 400, code, field)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Dashboard, DashboardChart, Dashboards } from '@runnel/contracts/api/dashboard'
import { sql } from 'kysely'
import { expectProblem } from './mailing-requests.ts'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const URL = '/api/v1/dashboards'
const MAX = 3

const LATENCY: DashboardChart = { title: 'Latency', metrics: ['latency', 'wait'], agg: 'p95' }
const ORDERS: DashboardChart = {
  ...{ title: '', metrics: ['orders_total'], agg: 'rate', by: 'shop', step: '5m', compare: '7d' },
  ...{ small: true, tags: { country: 'DE' } },
}

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({ env: { DASHBOARDS_MAX: String(MAX) } })
})
afterAll(() => dispatcher.stop())
beforeEach(() => sql`truncate dashboard, audit_log restart identity`.execute(dispatcher.database.kysely))

const create = async (name: string, charts: readonly DashboardChart[] = []): Promise<Dashboard> => {
  const answer = await dispatcher.post(URL, { name, charts }, { 'x-forwarded-user': 'ann' })
  expect([answer.statusCode, answer.headers.location]).toEqual([201, `${URL}/${answer.json<Dashboard>().id}`])
  return answer.json()
}
const edit = (id: number, body: object) =>
  dispatcher.inject({
    method: 'PATCH',
    url: `${URL}/${id}`,
    headers: { 'content-type': 'application/json', 'x-forwarded-user': 'bob' },
    payload: JSON.stringify(body),
  })
const read = async (id: number): Promise<Dashboard> => (await dispatcher.get(`${URL}/${id}`)).json()
const list = async () => (await dispatcher.get(URL)).json<Dashboards>().items

describe('dashboards', () => {
  it('are created, read and listed by name, with what their charts ask for', async () => {
    const created = await create(' Shop ', [LATENCY, ORDERS])
    expect(created).toEqual({
      ...{ id: 1, name: 'Shop', version: 1, charts: [LATENCY, ORDERS] },
      ...{ createdAt: expect.stringMatching(/Z$/), createdBy: 'ann' },
      ...{ updatedAt: created.createdAt, updatedBy: 'ann' },
    })
    expect(await read(1)).toEqual(created)
    await create('a first one')
    const { charts, ...head } = created
    expect(await list()).toEqual([
      expect.objectContaining({ name: 'a first one', chartCount: 0 }),
      { ...head, chartCount: charts.length },
    ])
  })

  it('get another name and other charts, in their order, each edit with a version of its own', async () => {
    await create('Shop', [LATENCY])
    const renamed = await edit(1, { version: 1, name: 'Shops' })
    expect([renamed.statusCode, renamed.json()]).toEqual([
      200,
      expect.objectContaining({ name: 'Shops', version: 2, charts: [LATENCY], updatedBy: 'bob' }),
    ])
    const charts = [ORDERS, LATENCY]
    expect((await edit(1, { version: 2, charts })).json()).toMatchObject({ version: 3, charts })
    expect(await read(1)).toMatchObject({ name: 'Shops', charts, createdBy: 'ann' })
  })

  it('are not overwritten by who has read an older version', async () => {
    await create('Shop', [LATENCY])
    await edit(1, { version: 1, charts: [LATENCY, ORDERS] })
    expectProblem(await edit(1, { version: 1, charts: [] }), 409, 'conflict', '/version')
    expect((await read(1)).charts).toEqual([LATENCY, ORDERS])
  })

  it('keep the edit of one of many who edit the same version at once', async () => {
    await create('Shop')
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => edit(1, { version: 1, name: `Shop ${i}` })),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array(7).fill(409)])
    expect((await read(1)).version).toBe(2)
  })

  it('stay as they are where an edit is sent once more, or changes nothing', async () => {
    await create('Shop')
    await edit(1, { version: 1, charts: [ORDERS] })
    const again = await edit(1, { version: 1, charts: [ORDERS] })
    expect([again.statusCode, again.json<Dashboard>().version]).toEqual([200, 2])
  })

  it('have names of their own, in any case of letters', async () => {
    await create('Shop')
    const taken = await dispatcher.post(URL, { name: 'SHOP' })
    expectProblem(taken, 409, 'conflict', '/name')
    expect(taken.json()).toMatchObject({ id: 1 })
    await create('Other')
    expectProblem(await edit(2, { version: 1, name: 'shop ' }), 409, 'conflict', '/name')
    expect((await edit(1, { version: 1, name: 'SHOP' })).statusCode).toBe(200)
  })

  it('are no more than DASHBOARDS_MAX, however many are created at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => dispatcher.post(URL, { name: `n${i}` })),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 201, 201, 409, 409, 409])
    expect(await list()).toHaveLength(MAX)
    const refused = await dispatcher.post(URL, { name: 'more' })
    expectProblem(refused, 409, 'conflict')
    expect(refused.json<{ detail: string }>().detail).toContain('DASHBOARDS_MAX')
  })

  it('are deleted, and the audit says who did what to them', async () => {
    await create('Shop', [LATENCY])
    await edit(1, { version: 1, charts: [] })
    expect((await dispatcher.delete(`${URL}/1`)).statusCode).toBe(204)
    for (const answer of [await dispatcher.get(`${URL}/1`), await dispatcher.delete(`${URL}/1`)])
      expectProblem(answer, 404, 'not_found', 'id')
    expectProblem(await edit(1, { version: 2, name: 'x' }), 404, 'not_found', 'id')
    const { items } = (await dispatcher.get('/api/v1/audit?subject=dashboard&subjectId=1')).json<{
      items: object[]
    }>()
    expect(items).toMatchObject([
      { action: 'delete', detail: { name: 'Shop', charts: [] } },
      { action: 'edit', actor: 'bob', detail: { version: 2, changes: { charts: [] } } },
      { action: 'create', actor: 'ann', detail: { name: 'Shop' } },
    ])
  })

  it.each<[string, object, string, string]>([
    ['no name', {}, 'missing_field', '/name'],
    ['a blank name', { name: ' \t' }, 'invalid_field', '/name'],
    ['a long name', { name: 'я'.repeat(101) }, 'text_too_long', '/name'],
    ['a name with NUL', { name: 'a\0b' }, 'nul_character', '/name'],
    ['an unknown member', { name: 'a', chart: [] }, 'invalid_field', ''],
    [
      'a chart of no metric',
      { name: 'a', charts: [{ ...LATENCY, metrics: [] }] },
      'invalid_field',
      '/charts/0/metrics',
    ],
    [
      'a metric twice',
      { name: 'a', charts: [{ ...LATENCY, metrics: ['a', 'a'] }] },
      'invalid_field',
      '/charts/0/metrics',
    ],
    [
      'too many metrics',
      { name: 'a', charts: [{ ...LATENCY, metrics: [...'abcdefghi'] }] },
      'invalid_field',
      '/charts/0/metrics',
    ],
    [
      'an unknown aggregate',
      { name: 'a', charts: [{ ...LATENCY, agg: 'median' }] },
      'invalid_field',
      '/charts/0/agg',
    ],
    [
      'a step of zero',
      { name: 'a', charts: [{ ...LATENCY, step: '0s' }] },
      'invalid_field',
      '/charts/0/step',
    ],
    [
      'a tag with NUL',
      { name: 'a', charts: [{ ...LATENCY, tags: { a: '\0' } }] },
      'nul_character',
      '/charts/0/tags/a',
    ],
    ['too many charts', { name: 'a', charts: Array(41).fill(LATENCY) }, 'invalid_field', '/charts'],
  ])('refuse %s', async (_what, body, code, field) => {
    expectProblem(await dispatcher.post(URL, body), 400, code, field)
    expect(await list()).toEqual([])
  })

  it('refuse an edit without a version, and one of nothing', async () => {
    await create('Shop')
    expectProblem(await edit(1, { name: 'x' }), 400, 'missing_field', '/version')
    expectProblem(await edit(1, { version: 1 }), 400, 'missing_field', '/name')
  })
})

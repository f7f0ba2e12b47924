import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { MailingStatus } from '@runnel/contracts'
import { sql } from 'kysely'
import { createMailing } from '../src/mailings/create-mailing.ts'
import { editMailing } from '../src/mailings/edit-mailing.ts'
import { listHistory } from '../src/mailings/list-history.ts'
import {
  cancelMailing,
  deleteMailing,
  pauseMailing,
  resumeMailing,
  scheduleMailing,
} from '../src/mailings/mailing-actions.ts'
import { findMailing, listMailings } from '../src/mailings/mailing-reads.ts'
import { actAt, computeZone, createTestMailing, DAY_MS, NOON_MS, setStatus } from './mailing-acts.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'

const PAGE = { items: 50, bytes: 1e6 }

interface MailingListing {
  readonly limit?: number
  readonly status?: MailingStatus
  readonly beforeId?: number
}

describe.each(ENGINES)('mailings on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate mailing, mailing_zone, audit_log restart identity`.execute(database.kysely))

  const create = (...rest: Parameters<typeof createTestMailing> extends [unknown, ...infer R] ? R : never) =>
    createTestMailing(database, ...rest)
  const act = actAt(NOON_MS)
  const history = async (id: number) =>
    (await listHistory(database, id, PAGE)).items.map(({ actor, action, detail }) => ({
      actor,
      action,
      detail,
    }))

  it('are found as they were created', async () => {
    const mailing = await create({ window: { from: 540, to: 1260 }, tags: ['vip'], ratePerSecond: 5 })
    expect(mailing).toEqual({
      ...{ id: 1, name: 'Sale', status: 'scheduled', version: 1, messageCount: 0, materialised: false },
      ...{ startMs: NOON_MS, endMs: NOON_MS + DAY_MS, text: 'Hello', operatorCodes: [], tags: ['vip'] },
      ...{ window: { from: 540, to: 1260 }, ratePerSecond: 5, createdAtMs: NOON_MS, updatedAtMs: NOON_MS },
      ...{ startedAtMs: null, finishedAtMs: null, settledAtMs: null },
      ...{ testOf: null, restReason: null, approval: null, received: [], notReceived: [] },
      ...{ channel: 'gateway', subject: null },
    })
    expect(await findMailing(database, mailing.id)).toEqual(mailing)
    expect(await history(mailing.id)).toEqual([
      { actor: 'ann', action: 'create', detail: expect.objectContaining({ text: 'Hello', tags: ['vip'] }) },
    ])
  })

  it('are created once for a key, whichever user repeats the request and whatever became of the mailing', async () => {
    const first = await create({}, { requestKey: 'k' })
    await cancelMailing(database, first.id, act)
    const draft = { ...first, text: 'Other' }
    const again = await createMailing(database, draft, { ...act, draft: false, requestKey: 'k' })
    expect(again).toMatchObject({
      changed: false,
      mailing: { id: first.id, status: 'cancelled', text: 'Hello' },
    })
    await deleteMailing(database, first.id, act)
    await expect(create({}, { requestKey: 'k' })).rejects.toMatchObject({ code: 'conflict' })
    expect((await create({}, { requestKey: 'l' })).id).toBeGreaterThan(first.id)
  })

  it.each([
    ['ends before it starts', { endMs: NOON_MS - 1 }],
    ['has ended', { startMs: NOON_MS - DAY_MS, endMs: NOON_MS }],
    ['takes too long', { endMs: NOON_MS + 367 * DAY_MS }],
  ])('are refused where one %s', async (_, times) => {
    await expect(create(times)).rejects.toMatchObject({
      code: 'invalid_field',
      details: { field: '/end', expected: expect.any(String) },
    })
    expect((await listMailings(database, { limits: PAGE })).items).toEqual([])
  })

  it('are listed newest first, by status and page, without deleted ones', async () => {
    const ids: number[] = []
    for (let i = 0; i < 5; i++) ids.push((await create({}, { draft: i % 2 === 1 })).id)
    await deleteMailing(database, ids[4]!, act)
    const list = async ({ limit: items = PAGE.items, ...options }: MailingListing) =>
      (await listMailings(database, { limits: { ...PAGE, items }, ...options })).items.map(({ id }) => id)
    expect(await list({})).toEqual([4, 3, 2, 1])
    expect(await list({ limit: 2 })).toEqual([4, 3])
    expect(await list({ limit: 2, beforeId: 3 })).toEqual([2, 1])
    expect(await list({ status: 'draft' })).toEqual([4, 2])
    expect(await list({ status: 'scheduled' })).toEqual([3, 1])
  })

  it('change once per action, and record it in their history', async () => {
    const { id } = await create({}, { draft: true })
    const steps = [
      [scheduleMailing, 'draft', 'scheduled', 'schedule'],
      [pauseMailing, 'running', 'paused', 'pause'],
      [resumeMailing, 'paused', 'running', 'resume'],
      [cancelMailing, 'running', 'cancelled', 'cancel'],
    ] as const
    for (const [perform, from, to, action] of steps) {
      await setStatus(database, id, from)
      expect(await perform(database, id, act)).toMatchObject({ changed: true, mailing: { status: to } })
      expect(await perform(database, id, actAt(NOON_MS + 1, 'bob'))).toMatchObject({
        changed: false,
        mailing: { status: to, updatedAtMs: NOON_MS },
      })
      expect((await history(id))[0]).toEqual({ actor: 'ann', action, detail: { from, to } })
    }
    expect(await history(id)).toHaveLength(5)
  })

  const ACTIONS = { scheduleMailing, pauseMailing, resumeMailing, cancelMailing }
  it.each([
    ['draft', ['schedule', 'cancel']],
    ['scheduled', ['schedule', 'cancel']],
    ['running', ['schedule', 'pause', 'resume', 'cancel']],
    ['paused', ['pause', 'resume', 'cancel']],
    ['completed', []],
    ['expired', []],
    ['cancelled', ['cancel']],
  ] as const)('take in status %s only: %j', async (status, allowed) => {
    for (const [name, perform] of Object.entries(ACTIONS)) {
      const { id } = await create()
      await setStatus(database, id, status)
      const done = perform(database, id, act)
      if (allowed.some((one) => name.startsWith(one))) await expect(done).resolves.toMatchObject({})
      else
        await expect(done).rejects.toMatchObject({
          code: 'conflict',
          details: { extra: { mailingStatus: status } },
        })
    }
  })

  it('do not start or go on past their end', async () => {
    const { id } = await create({}, { draft: true })
    const late = actAt(NOON_MS + DAY_MS)
    await expect(scheduleMailing(database, id, late)).rejects.toMatchObject({ code: 'invalid_field' })
    await setStatus(database, id, 'paused')
    await expect(resumeMailing(database, id, late)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('are settled at once where they are cancelled before their start, and by the schedule after it', async () => {
    const { id } = await create()
    await cancelMailing(database, id, act)
    expect(await findMailing(database, id)).toMatchObject({ finishedAtMs: NOON_MS, settledAtMs: NOON_MS })
    const started = await create()
    await setStatus(database, started.id, 'running')
    await cancelMailing(database, started.id, act)
    expect(await findMailing(database, started.id)).toMatchObject({
      finishedAtMs: NOON_MS,
      settledAtMs: null,
    })
  })

  it.each(['draft', 'scheduled', 'running', 'paused', 'completed'] as const)(
    'that are %s can be deleted: they are not found any more, and nothing of them continues',
    async (status) => {
      const { id } = await create()
      await setStatus(database, id, status)
      const { mailing } = await deleteMailing(database, id, act)
      expect(mailing.status).toBe(status === 'completed' ? 'completed' : 'cancelled')
      const acts: (() => Promise<unknown>)[] = [
        () => findMailing(database, id),
        () => deleteMailing(database, id, act),
        () => editMailing(database, id, () => ({}), { ...act, computeZone }),
        () => pauseMailing(database, id, act),
        () => listHistory(database, id, PAGE),
      ]
      for (const one of acts) await expect(one()).rejects.toMatchObject({ code: 'not_found' })
      const { rows } =
        await sql`select actor, action, detail from audit_log order by id desc limit 1`.execute(
          database.kysely,
        )
      expect(rows).toEqual([{ actor: 'ann', action: 'delete', detail: { from: status, to: mailing.status } }])
    },
  )

  const concurrently = itConcurrently(engine)
  concurrently('let one of two people win who act at once', async () => {
    for (let i = 0; i < 10; i++) {
      const { id } = await create()
      await setStatus(database, id, 'running')
      const both = await Promise.allSettled([
        pauseMailing(database, id, act),
        cancelMailing(database, id, act),
      ])
      const { status } = await findMailing(database, id)
      expect(status).toBe('cancelled')
      expect(both[1]).toMatchObject({ status: 'fulfilled', value: { changed: true } })
      const actions = (await history(id)).map(({ action }) => action)
      // The pause came first, or was refused.
      const paused = both[0]?.status === 'fulfilled'
      expect(actions).toEqual(paused ? ['cancel', 'pause', 'create'] : ['cancel', 'create'])
    }
  })

  concurrently('are paused, deleted or made once by all who try at once', async () => {
    const { id } = await create()
    await setStatus(database, id, 'running')
    const six = [1, 2, 3, 4, 5, 6]
    const pauses = await Promise.all(six.map(() => pauseMailing(database, id, act)))
    expect(pauses.filter(({ changed }) => changed)).toHaveLength(1)
    const deletions = await Promise.allSettled(six.map(() => deleteMailing(database, id, act)))
    expect(deletions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const made = await Promise.all(six.map(() => create({}, { requestKey: 'same' })))
    expect(new Set(made.map((mailing) => mailing.id)).size).toBe(1)
    const { rows } = await sql`select action, count(*) as n from audit_log group by 1 order by 1`.execute(
      database.kysely,
    )
    expect(rows).toEqual([
      { action: 'create', n: 2 },
      { action: 'delete', n: 1 },
      { action: 'pause', n: 1 },
    ])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { editMailing } from '../src/mailings/edit-mailing.ts'
import { listHistory } from '../src/mailings/list-history.ts'
import { findMailing } from '../src/mailings/mailing-reads.ts'
import type { MailingDraft } from '../src/mailings/stored-mailing.ts'
import { actAt, computeZone, createTestMailing, DAY_MS, HOUR_MS, NOON_MS, setStatus } from './mailing-acts.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'

describe.each(ENGINES)('mailings on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate mailing, mailing_zone, audit_log restart identity`.execute(database.kysely))

  const create = (draft?: Partial<MailingDraft>) => createTestMailing(database, draft)
  const act = actAt(NOON_MS)
  const edit = (id: number, patch: Partial<MailingDraft>, version?: number) =>
    editMailing(database, id, () => patch, { ...act, version, computeZone })
  const history = async (id: number) =>
    (await listHistory(database, id, { items: 50, bytes: 1e6 })).items.map(({ actor, action, detail }) => ({
      actor,
      action,
      detail,
    }))
  const concurrently = itConcurrently(engine)

  concurrently('change by one of several edits of the same version', async () => {
    const { id } = await create()
    const tries = await Promise.allSettled([1, 2, 3, 4].map((n) => edit(id, { name: `name ${n}` }, 1)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await findMailing(database, id)).toMatchObject({ version: 2 })
  })

  it('can be edited in full before they start', async () => {
    for (const status of ['draft', 'scheduled'] as const) {
      const { id } = await create()
      await setStatus(database, id, status)
      const patch = {
        ...{ name: 'New', text: 'Bye', startMs: NOON_MS + HOUR_MS, endMs: NOON_MS + 2 * HOUR_MS },
        ...{ operatorCodes: ['901'], tags: ['a'], window: { from: 1320, to: 360 }, ratePerSecond: 7 },
      }
      const { mailing } = await edit(id, patch)
      expect(mailing).toMatchObject({ ...patch, status, version: 2 })
      expect(await findMailing(database, id)).toEqual(mailing)
      expect((await history(id))[0]).toEqual({
        actor: 'ann',
        action: 'edit',
        detail: { version: 2, changes: patch },
      })
    }
  })

  it('keep start and filter once they have started, and take everything else', async () => {
    for (const status of ['running', 'paused'] as const) {
      const { id } = await create()
      await setStatus(database, id, status)
      for (const patch of [{ startMs: NOON_MS + 1 }, { tags: ['x'] }, { operatorCodes: ['1'], name: 'n' }]) {
        await expect(edit(id, patch)).rejects.toMatchObject({ code: 'conflict' })
      }
      expect((await findMailing(database, id)).name).toBe('Sale')
      const patch = { name: 'N', text: 'T', endMs: NOON_MS + 5, window: { from: 1, to: 2 }, ratePerSecond: 1 }
      expect((await edit(id, patch)).mailing).toMatchObject({ ...patch, status, version: 2 })
      await expect(edit(id, { endMs: NOON_MS - 5 })).rejects.toMatchObject({ code: 'invalid_field' })
    }
  })

  it('that were cancelled cannot be edited', async () => {
    const { id } = await create()
    await setStatus(database, id, 'cancelled')
    await expect(edit(id, { name: 'x' })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('stay as they are where an edit says nothing new, even of what is fixed', async () => {
    const mailing = await create({ tags: ['a'], window: { from: 1, to: 2 } })
    await setStatus(database, mailing.id, 'running')
    const { name, startMs, endMs, text, operatorCodes, tags, window } = mailing
    const same = { name, startMs, endMs, text, operatorCodes, tags, window }
    expect(await edit(mailing.id, same)).toMatchObject({ changed: false, mailing: { version: 1 } })
    expect(await history(mailing.id)).toHaveLength(1)
  })

  it('move the windows of all of their zones when the window of the mailing is edited, and only then', async () => {
    const { id } = await create()
    await setStatus(database, id, 'running')
    const old = new Date(NOON_MS - DAY_MS)
    await database.kysely
      .insertInto('mailing_zone')
      .values(['A', 'B'].map((time_zone) => ({ mailing_id: id, time_zone, open_from: old, open_until: old })))
      .execute()
    const zones = () =>
      database.kysely
        .selectFrom('mailing_zone')
        .select(['time_zone', 'open_from', 'open_until'])
        .orderBy('time_zone')
        .execute()
    await edit(id, { name: 'x' })
    expect(await zones()).toMatchObject([{ open_from: old }, { open_from: old }])
    await edit(id, { window: { from: 60, to: 120 } })
    const moved = { open_from: new Date(NOON_MS + 60), open_until: new Date(NOON_MS + 120) }
    expect(await zones()).toEqual([
      { time_zone: 'A', ...moved },
      { time_zone: 'B', ...moved },
    ])
  })
})

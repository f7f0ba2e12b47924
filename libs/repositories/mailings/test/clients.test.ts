import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import type { ClientFilter } from '../src/clients/client-filter.ts'
import { findClient, listClients } from '../src/clients/read-clients.ts'
import type { ClientMembers, StoredClient } from '../src/clients/stored-client.ts'
import { createClient, deleteClient, updateClient } from '../src/clients/write-clients.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'

const ANN: ClientMembers = {
  phone: 79_161_234_567,
  operatorCode: '916',
  tag: 'vip',
  timeZone: 'Europe/Moscow',
  email: 'Ann@example.com',
  webhookUrl: null,
  attributes: { name: 'Ann', visits: [1, { deep: null }] },
  optedOut: false,
}

describe.each(ENGINES)('clients on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate client, suppression, audit_log`.execute(database.kysely))

  const create = async (members: Partial<ClientMembers> = {}) =>
    (await createClient(database, { ...ANN, ...members }, 'tester')) as StoredClient
  const membersOf = ({ optedOutAt, ...client }: StoredClient): ClientMembers => ({
    ...client,
    optedOut: optedOutAt !== null,
  })
  const edit = (id: number, change: Partial<ClientMembers>) =>
    updateClient(database, id, (client) => ({ ...membersOf(client), ...change }), 'editor')
  const audit = () =>
    database.kysely
      .selectFrom('audit_log')
      .select(['actor', 'action', 'subject', 'subject_id', 'detail'])
      .orderBy('id')
      .execute()

  it('are found as they were created', async () => {
    const made = await create()
    const { optedOut: _, ...members } = ANN
    expect(made).toMatchObject({ ...members, optedOutAt: null, id: expect.any(Number) })
    expect(await findClient(database, made.id)).toEqual(made)
    expect((await create({ phone: 1, optedOut: true })).optedOutAt).toEqual(expect.any(Date))
  })

  it('are found by their e-mail address in any case of letters, and by the channels that reach them', async () => {
    const ann = await create()
    const bob = await create({ phone: 1, email: null, webhookUrl: 'https://bob.example/' })
    const found = async (filter: ClientFilter) =>
      (await listClients(database, filter, { items: 10, bytes: 1e6 })).items.map(({ id }) => id)
    expect(await found({ email: 'ann@EXAMPLE.com' })).toEqual([ann.id])
    expect(await found({ channel: 'email' })).toEqual([ann.id])
    expect(await found({ channel: 'webhook' })).toEqual([bob.id])
    expect(await found({ channel: 'gateway' })).toEqual([ann.id, bob.id])
  })

  it('have a phone of their own: who has it is named', async () => {
    const first = await create()
    expect(await createClient(database, { ...ANN, tag: 'other' }, 'x')).toEqual({ takenBy: first.id })
    const second = await create({ phone: 79_160_000_000 })
    expect(await edit(second.id, { phone: ANN.phone })).toEqual({ takenBy: first.id })
    expect(await findClient(database, second.id)).toEqual(second)
    expect((await audit()).map(({ action }) => action)).toEqual(['create', 'create'])
  })

  it('are changed and removed with a trace of who did it', async () => {
    const { id } = await create()
    expect(await edit(id, { tag: '', optedOut: true })).toMatchObject({
      tag: '',
      optedOutAt: expect.any(Date),
    })
    const before = await findClient(database, id)
    expect(await edit(id, {})).toEqual(before)
    expect(await edit(id, { optedOut: true, tag: 'x' })).toMatchObject({ optedOutAt: before!.optedOutAt })
    expect(await edit(id, { optedOut: false })).toMatchObject({ optedOutAt: before!.optedOutAt })
    expect(await deleteClient(database, id, 'remover')).toBe(true)
    expect(await deleteClient(database, id, 'remover')).toBe(false)
    expect(await findClient(database, id)).toBeUndefined()
    expect(await edit(id, { tag: 'y' })).toBeUndefined()
    const subject = { subject: 'client', subject_id: id }
    const change = (before: object, after: object) => ({
      actor: 'editor',
      action: 'edit',
      ...subject,
      detail: { before, after },
    })
    expect(await audit()).toEqual([
      { actor: 'tester', action: 'create', ...subject, detail: {} },
      change({ tag: 'vip', optedOut: false }, { tag: '', optedOut: true }),
      change({ tag: '' }, { tag: 'x' }),
      { actor: 'remover', action: 'delete', ...subject, detail: {} },
    ])
  })

  it('are not changed by an edit that throws', async () => {
    const made = await create()
    const refuse = () => {
      throw new Error('no')
    }
    await expect(updateClient(database, made.id, refuse, 'x')).rejects.toThrow('no')
    expect(await findClient(database, made.id)).toEqual(made)
  })

  it('are listed in the order of their ids, by everything that is asked for', async () => {
    const a = await create({ phone: 1, tag: '' })
    const b = await create({ phone: 2, operatorCode: '999', optedOut: true })
    const c = await create({ phone: 3, timeZone: 'Asia/Omsk' })
    const ids = async (...args: [filter: object, limit?: number, afterId?: number]) =>
      (await listClients(database, args[0], { items: args[1] ?? 10, bytes: 1e6 }, args[2])).items.map(
        ({ id }) => id,
      )
    expect(await ids({})).toEqual([a.id, b.id, c.id])
    expect(await ids({}, 2)).toEqual([a.id, b.id])
    expect(await ids({}, 2, b.id)).toEqual([c.id])
    expect(await ids({ tag: '' })).toEqual([a.id])
    expect(await ids({ tag: 'vip', operatorCode: '999' })).toEqual([b.id])
    expect(await ids({ timeZones: ['Asia/Omsk'] })).toEqual([c.id])
    expect(await ids({ phone: 2 })).toEqual([b.id])
    expect(await ids({ optedOut: true })).toEqual([b.id])
    expect(await ids({ optedOut: false })).toEqual([a.id, c.id])
  })

  const concurrently = itConcurrently(engine)
  concurrently('lose no edit to another one at the same time', async () => {
    const { id } = await create({ attributes: {} })
    const names = Array.from({ length: 20 }, (_, i) => `n${i}`)
    await Promise.all(
      names.map((name) =>
        updateClient(
          database,
          id,
          (client) => ({ ...membersOf(client), attributes: { ...client.attributes, [name]: true } }),
          'x',
        ),
      ),
    )
    expect(Object.keys((await findClient(database, id))!.attributes).sort()).toEqual(names.sort())
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { findClient, listClients } from '../src/clients/read-clients.ts'
import type { ClientMembers } from '../src/clients/stored-client.ts'
import type { ClientUpsert } from '../src/clients/upsert-clients.ts'
import { createClient, deleteClient, updateClient } from '../src/clients/write-clients.ts'
import { startImport, storeImportBatch } from '../src/clients/write-imports.ts'
import { findSuppression, listSuppressions } from '../src/suppression/read-suppressions.ts'
import {
  addSuppression,
  importSuppressions,
  reconcileOptOuts,
  removeSuppression,
} from '../src/suppression/write-suppressions.ts'

const ANN: ClientMembers = {
  phone: 79_161_234_567,
  operatorCode: '916',
  tag: '',
  timeZone: 'Europe/Moscow',
  email: null,
  webhookUrl: null,
  attributes: {},
  optedOut: false,
}
const API = { source: 'api', actor: 'ann' } as const

describe.each(ENGINES)('the suppression list on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() =>
    sql`truncate client, suppression, audit_log, client_import, client_import_error`.execute(database.kysely),
  )

  const create = async (members: Partial<ClientMembers> = {}) => {
    const created = await createClient(database, { ...ANN, ...members }, 'ann')
    if ('takenBy' in created) throw new Error('taken')
    return created
  }
  const edit = (id: number, change: Partial<ClientMembers>) =>
    updateClient(
      database,
      id,
      ({ optedOutAt, ...client }) => ({ ...client, optedOut: optedOutAt !== null, ...change }),
      'ann',
    )
  const importRows = async (...clients: (Partial<ClientUpsert> & { phone: number })[]) => {
    const id = await startImport(database, { format: 'csv', actor: 'importer', keptDays: 30 })
    return storeImportBatch(database, id, {
      clients: clients.map((client, i) => ({ derivedCode: '900', line: i + 2, ...client })),
      describe: ({ line }, code) => ({ line, field: null, code, message: 'refused' }),
      ...{ superseded: 0, errors: [], errorsBefore: 0, keptBytesBefore: 0, defaultTimeZone: undefined },
      kept: { lines: 10, bytes: 100 },
    })
  }
  const isOptedOut = async (phone = ANN.phone) => {
    const { items } = await listClients(database, { phone }, { items: 1, bytes: 1e6 })
    return items[0] && items[0].optedOutAt !== null
  }

  it('has who opts out by a new client, a change, an import or a request, with the way, the person and the time', async () => {
    await create({ phone: 1, optedOut: true })
    const second = await create({ phone: 2 })
    await edit(second.id, { optedOut: true })
    await importRows({ phone: 3, timeZone: 'UTC', optedOut: true }, { phone: 4, timeZone: 'UTC' })
    await create({ phone: 5 })
    const at = new Date('2026-01-02T03:04:05Z')
    const { created } = await addSuppression(database, { phone: 5, reason: 'letter', optedOutAt: at }, API)
    expect(created).toBe(true)
    expect(await listSuppressions(database, 10)).toMatchObject([
      { phone: 1, reason: 'opted_out', source: 'client', actor: 'ann', clientId: expect.any(Number) },
      { phone: 2, source: 'client', actor: 'ann' },
      { phone: 3, source: 'client_import', actor: 'importer' },
      { phone: 5, reason: 'letter', source: 'api', actor: 'ann', optedOutAt: at },
    ])
    expect(await Promise.all([1, 2, 3, 4, 5].map(isOptedOut))).toEqual([true, true, true, false, true])
    expect((await listSuppressions(database, 1, 2)).map(({ phone }) => phone)).toEqual([3])
  })

  it('keeps a phone through deletion, creation, import and change of its client', async () => {
    const { id } = await create({ optedOut: true })
    await deleteClient(database, id, 'ann')
    expect(await isOptedOut()).toBeUndefined()
    expect(await findSuppression(database, ANN.phone)).toMatchObject({ clientId: null })
    const again = await create()
    expect(again.optedOutAt).toEqual(expect.any(Date))
    await edit(again.id, { optedOut: false, tag: 'x' })
    expect(await findClient(database, again.id)).toMatchObject({ tag: 'x', optedOutAt: again.optedOutAt })
    await deleteClient(database, again.id, 'ann')
    await importRows({ phone: ANN.phone, timeZone: 'UTC', optedOut: false })
    expect(await isOptedOut()).toBe(true)
    await importRows({ phone: ANN.phone, optedOut: false, tag: 'y' })
    expect(await isOptedOut()).toBe(true)
    expect(await listSuppressions(database, 10)).toHaveLength(1)
  })

  it('follows a client that has opted out to its new number, and meets one that takes a listed number', async () => {
    const { id } = await create({ phone: 1, optedOut: true })
    await edit(id, { phone: 2 })
    expect((await listSuppressions(database, 10)).map(({ phone }) => phone)).toEqual([1, 2])
    const other = await create({ phone: 3 })
    await edit(other.id, { phone: 1 })
    expect(await isOptedOut(1)).toBe(true)
  })

  it('is left by request alone, which is noted, and then the client gets messages again', async () => {
    await create({ optedOut: true })
    expect(await removeSuppression(database, ANN.phone, 'boss')).toBe(true)
    expect(await removeSuppression(database, ANN.phone, 'boss')).toBe(false)
    expect(await isOptedOut()).toBe(false)
    expect(await findSuppression(database, ANN.phone)).toBeUndefined()
    const entries = await database.kysely.selectFrom('audit_log').selectAll().orderBy('id').execute()
    expect(entries.at(-1)).toMatchObject({
      ...{ actor: 'boss', action: 'delete', subject: 'suppression', subject_id: ANN.phone },
      detail: { reason: 'opted_out', source: 'client' },
    })
  })

  it('takes lists, and leaves what is there as it is', async () => {
    await addSuppression(database, { phone: 2, reason: 'letter' }, API)
    await create({ phone: 3 })
    const list = [{ phone: 1, reason: 'bounced' }, { phone: 2, reason: 'bounced' }, { phone: 3 }]
    expect(await importSuppressions(database, list, 'ann')).toBe(2)
    expect(await importSuppressions(database, list, 'ann')).toBe(0)
    expect(await listSuppressions(database, 10)).toMatchObject([
      { phone: 1, reason: 'bounced', source: 'list_import' },
      { phone: 2, reason: 'letter', source: 'api' },
      { phone: 3, reason: 'opted_out' },
    ])
    expect(await isOptedOut(3)).toBe(true)
    const { created } = await addSuppression(database, { phone: 1, reason: 'other' }, API)
    expect(created).toBe(false)
  })

  it('agrees with the clients again after a version that does not know it has written them', async () => {
    const { id } = await create()
    await create({ phone: 1 })
    await addSuppression(database, { phone: 1 }, API)
    await sql`update client set opted_out_at = '2026-01-02T03:04:05Z' where id = ${id}`.execute(
      database.kysely,
    )
    await sql`update client set opted_out_at = null where phone = 1`.execute(database.kysely)
    expect(await reconcileOptOuts(database)).toBe(2)
    expect(await reconcileOptOuts(database)).toBe(0)
    expect(await isOptedOut(1)).toBe(true)
    expect(await findSuppression(database, ANN.phone)).toMatchObject({
      source: 'client',
      optedOutAt: new Date('2026-01-02T03:04:05Z'),
    })
    await sql`update client set opted_out_at = now() where phone = ${ANN.phone}`.execute(database.kysely)
    await deleteClient(database, id, 'ann')
    expect(await findSuppression(database, ANN.phone)).toBeDefined()
  })

  itConcurrently(engine)('takes imports, lists and changes of the same phones at once', async () => {
    const phones = Array.from({ length: 100 }, (_, i) => i + 1)
    await importRows(...phones.map((phone) => ({ phone, timeZone: 'UTC' })))
    const { items } = await listClients(database, {}, { items: 1000, bytes: 1e7 })
    await Promise.all([
      importRows(...phones.map((phone) => ({ phone, optedOut: true }))),
      importRows(...phones.toReversed().map((phone) => ({ phone, optedOut: true, tag: 'x' }))),
      importSuppressions(
        database,
        phones.map((phone) => ({ phone })),
        'ann',
      ),
      ...items.slice(0, 10).map(({ id }) => edit(id, { optedOut: true })),
      ...items.slice(10, 20).map(({ id }) => deleteClient(database, id, 'ann')),
    ])
    expect(await listSuppressions(database, 1000)).toHaveLength(100)
    expect(await reconcileOptOuts(database)).toBe(0)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { listClients } from '../src/clients/read-clients.ts'
import { findImport, listImportErrors, listImports, listRefusedLines } from '../src/clients/read-imports.ts'
import type { ClientUpsert } from '../src/clients/upsert-clients.ts'
import {
  finishImport,
  type ImportBatch,
  type ImportError,
  startImport,
  storeImportBatch,
} from '../src/clients/write-imports.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'

const OMSK = 'Asia/Omsk'

const KEPT_LINES = 1000

describe.each(ENGINES)('imports of clients on %s', (engine) => {
  let database: OpenTestDatabase
  let id: number
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    await sql`truncate client, suppression, audit_log, client_import, client_import_error`.execute(
      database.kysely,
    )
    id = await startImport(database, { format: 'csv', actor: 'tester', keptDays: 30 })
  })

  const describeRefusal: ImportBatch['describe'] = ({ line }, code) => ({
    line,
    field: null,
    code,
    message: 'refused',
  })
  const store = (
    clients: readonly (Partial<ClientUpsert> & { phone: number })[],
    batch: Partial<ImportBatch> = {},
  ) =>
    storeImportBatch(database, id, {
      clients: clients.map((client, i) => ({ derivedCode: '900', line: i + 2, ...client })),
      describe: describeRefusal,
      superseded: 0,
      errors: [],
      errorsBefore: 0,
      keptBytesBefore: 0,
      kept: { lines: KEPT_LINES, bytes: 20 },
      defaultTimeZone: undefined,
      ...batch,
    })
  const clients = async () => (await listClients(database, {}, { items: 1000, bytes: 1e7 })).items

  it('create, change and leave alone what they meet, and count it', async () => {
    expect(
      await store([
        { phone: 1, timeZone: OMSK },
        { phone: 2, timeZone: OMSK, operatorCode: '777', tag: 't', optedOut: true, attributes: { a: 1 } },
      ]),
    ).toMatchObject({ created: 2, updated: 0, unchanged: 0, rejected: 0 })
    const [one, two] = await clients()
    expect(one).toMatchObject({
      phone: 1,
      operatorCode: '900',
      tag: '',
      timeZone: OMSK,
      attributes: {},
      optedOutAt: null,
    })
    expect(two).toMatchObject({
      operatorCode: '777',
      tag: 't',
      attributes: { a: 1 },
      optedOutAt: expect.any(Date),
    })
    expect(
      await store([
        { phone: 1, tag: 'x' },
        { phone: 2, timeZone: OMSK, optedOut: true },
        { phone: 3, timeZone: OMSK },
      ]),
    ).toMatchObject({ created: 1, updated: 1, unchanged: 1 })
    expect((await clients())[0]).toMatchObject({ operatorCode: '900', tag: 'x', timeZone: OMSK })
    expect((await clients())[1]).toEqual(two)
    expect(await findImport(database, id)).toMatchObject({ rows: 5, created: 3, updated: 1, unchanged: 1 })
  })

  it('set and remove attributes one by one', async () => {
    await store([{ phone: 1, timeZone: OMSK, attributes: { a: 1, b: 2 } }])
    await store([{ phone: 1, attributes: { b: 3, c: 4 }, removed: ['a'] }])
    expect((await clients())[0]!.attributes).toEqual({ b: 3, c: 4 })
  })

  it('refuse a new client without a time zone, unless there is one for such', async () => {
    await store([{ phone: 1, timeZone: OMSK }])
    expect(await store([{ phone: 1, tag: 'x' }, { phone: 2 }])).toMatchObject({
      updated: 1,
      rejected: 1,
      errors: [{ line: 3, code: 'no_time_zone' }],
    })
    expect(await store([{ phone: 1 }, { phone: 2 }], { defaultTimeZone: 'UTC' })).toMatchObject({
      created: 1,
      unchanged: 1,
    })
    expect((await clients()).map(({ timeZone }) => timeZone)).toEqual([OMSK, 'UTC'])
  })

  it('refuse attributes that have grown too large, and take the neighbours', async () => {
    const large = (name: string) => ({ [name]: 'x'.repeat(9000) })
    await store([{ phone: 1, timeZone: OMSK, attributes: large('a') }])
    expect(
      await store([
        { phone: 1, attributes: large('b') },
        { phone: 2, timeZone: OMSK },
      ]),
    ).toMatchObject({
      created: 1,
      rejected: 1,
      errors: [{ line: 2, code: 'attributes_too_large' }],
    })
    expect(Object.keys((await clients())[0]!.attributes)).toEqual(['a'])
  })

  it('keep the first errors in the order of lines, and count all', async () => {
    const error = (line: number): ImportError => ({
      line,
      field: 'phone',
      code: 'invalid_field',
      message: 'no',
    })
    await store([{ phone: 5 }], { errors: [error(9), error(3)], superseded: 1 })
    const many = Array.from({ length: KEPT_LINES }, (_, i) => error(10 + i))
    await store([], { errors: many, errorsBefore: 3 })
    expect(await findImport(database, id)).toMatchObject({ rows: 1004, updated: 1, rejected: 1003 })
    const three = { items: 3, bytes: 1e6 }
    expect(
      (await listImportErrors(database, id, three)).items.map(({ number, line }) => [number, line]),
    ).toEqual([
      [1, 2],
      [2, 3],
      [3, 9],
    ])
    const rest = (await listImportErrors(database, id, { items: 5000, bytes: 1e9 }, 3)).items
    expect([rest.length, rest.at(-1)!.number]).toEqual([KEPT_LINES - 3, KEPT_LINES])
  })

  it('keep the texts of refused lines up to a size, for as many days as are given', async () => {
    const error = (line: number, content?: string): ImportError => ({
      ...{ line, field: null, code: 'invalid_field', message: 'no', content },
    })
    const layout = { header: 'phone;tag', separator: ';' }
    const { keptBytes } = await store([], {
      errors: [error(2, 'é'.repeat(6)), error(3, 'a\0\ud800')],
      layout,
    })
    expect(keptBytes).toBe(17)
    await store([], {
      errors: [error(4, 'four'), error(5, '5'), error(6)],
      errorsBefore: 2,
      keptBytesBefore: 17,
      layout,
    })
    const lines = async () =>
      (await listRefusedLines(database, id, { items: 10, bytes: 1e6 })).items.map(({ content }) => content)
    expect(await lines()).toEqual(['é'.repeat(6), 'a\ufffd\ufffd', null, '5', null])
    expect(await findImport(database, id)).toMatchObject(layout)
    await startImport(database, { format: 'csv', actor: 'b', keptDays: 30 })
    expect(await lines()).toHaveLength(5)
    await sql`update client_import set started_at = now() - interval '31 days'`.execute(database.kysely)
    await startImport(database, { format: 'csv', actor: 'b', keptDays: 30 })
    expect(await lines()).toEqual([])
    expect(await findImport(database, id)).toMatchObject({ rejected: 5 })
  })

  it('write nothing of a batch that fails', async () => {
    const broken = { phone: 2, timeZone: OMSK, tag: 'a\0b' }
    await expect(store([{ phone: 1, timeZone: OMSK }, broken])).rejects.toThrow()
    expect(await clients()).toEqual([])
    expect(await findImport(database, id)).toMatchObject({ status: 'running', rows: 0 })
  })

  it('are listed with how they ended, the newest first', async () => {
    const second = await startImport(database, { format: 'ndjson', actor: 'b', keptDays: 30 })
    await finishImport(database, id)
    await finishImport(database, second, { reason: 'shutting_down', message: 'The server ends' })
    const third = await startImport(database, { format: 'csv', actor: 'c', keptDays: 30 })
    const two = { items: 2, bytes: 1e6 }
    expect(
      (await listImports(database, two)).items.map((found) => [found.id, found.status, found.reason]),
    ).toEqual([
      [third, 'running', null],
      [second, 'aborted', 'shutting_down'],
    ])
    expect(await listImports(database, two, second)).toMatchObject({
      items: [{ id, status: 'completed', actor: 'tester' }],
      more: false,
    })
    const audit = await database.kysely
      .selectFrom('audit_log')
      .select(['actor', 'subject_id'])
      .orderBy('id')
      .execute()
    expect(audit.map(({ actor }) => actor)).toEqual(['tester', 'b', 'c'])
  })

  it('count as aborted once they have been silent for too long', async () => {
    await sql`update client_import set heartbeat_at = now() - interval '3 minutes'`.execute(database.kysely)
    expect(await findImport(database, id)).toMatchObject({ status: 'aborted', reason: 'process_ended' })
    await store([{ phone: 1, timeZone: OMSK }])
    expect(await findImport(database, id)).toMatchObject({ status: 'running', reason: null })
  })

  const concurrently = itConcurrently(engine)
  concurrently('of the same clients at the same time neither deadlock nor double any', async () => {
    const phones = Array.from({ length: 1000 }, (_, i) => i + 1)
    const batches = Array.from({ length: 12 }, (_, i) => (i % 2 ? phones : phones.toReversed()))
    const stored = await Promise.all(
      batches.map((batch, i) => store(batch.map((phone) => ({ phone, timeZone: OMSK, tag: String(i) })))),
    )
    const sum = (name: 'created' | 'updated') => stored.reduce((total, counts) => total + counts[name], 0)
    expect([sum('created'), sum('updated')]).toEqual([1000, 11 * 1000])
    expect((await clients()).length).toBe(1000)
    expect(new Set((await clients()).map(({ tag }) => tag)).size).toBe(1)
  })

  concurrently('survive a deadlock with a transaction that changes phones', async () => {
    await store([{ phone: 1, timeZone: OMSK }])
    const { stored } = await database.kysely.transaction().execute(async (trx) => {
      await sql`select from client where phone = 1 for update`.execute(trx)
      const storing = store([
        { phone: 1, tag: 'x' },
        { phone: 500, timeZone: OMSK },
      ])
      await eventually(async () => {
        const waiting = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          database.kysely,
        )
        return waiting.rows.length > 0
      })
      await sql`update client set phone = 500 where phone = 1`.execute(trx)
      return { stored: storing }
    })
    expect(await stored).toMatchObject({ rejected: 1, unchanged: 1 })
    expect((await clients()).map(({ phone }) => phone)).toEqual([500])
  })
})

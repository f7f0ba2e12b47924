import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { classifyFailure } from '../src/database-errors.ts'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from './open-test-database.ts'

describe.each(ENGINES)('values from %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())

  it('are numbers, dates, bytes and JSON as the repositories expect them', async () => {
    const { rows } = await sql`
      select 9007199254740991::int8 as big, 0.1::numeric as price, 5e-324::float8 as tiny, true as yes,
        '2026-05-10T12:00:00.123Z'::timestamptz as at, '\\x00ff'::bytea as bytes, null::jsonb as nothing,
        '{"a\\\\":1,"n":[1.5,null]}'::jsonb as data, '0190a000-0000-7000-8000-000000000000'::uuid as id,
        array[1.5,2]::float8[] as list`.execute(database.kysely)
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        price: 0.1,
        tiny: 5e-324,
        yes: true,
        at: new Date('2026-05-10T12:00:00.123Z'),
        bytes: Buffer.from([0, 255]),
        nothing: null,
        data: { 'a\\': 1, n: [1.5, null] },
        id: '0190a000-0000-7000-8000-000000000000',
        list: [1.5, 2],
      },
    ])
  })

  it.each([
    ['a text that is no date', sql`select ${'2026-02-30'}::text::timestamptz`, 'data'],
    ['a broken constraint', sql`insert into dead_letter (kind) values ('logs')`, 'data'],
    ['a statement that is wrong', sql`select * from no_such_table`, 'transient'],
  ])('are classified by the kind of failure: %s', async (_, query, kind) => {
    const failure = await query.execute(database.kysely).catch((error: unknown) => classifyFailure(error))
    expect(failure).toBe(kind)
  })
})

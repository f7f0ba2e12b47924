import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { purgeAuditLog } from '../src/purge-audit-log.ts'
import { writeAudit } from '../src/write-audit.ts'

const NEVER = new AbortController().signal

describe.each(ENGINES)('the audit log on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())

  const write = (action: string, detail: object = {}) =>
    database.kysely
      .transaction()
      .execute((trx) => writeAudit(trx, { actor: 'x', action, subject: 'mailing', subjectId: 1, detail }))

  const actions = async () =>
    (await database.kysely.selectFrom('audit_log').select('action').orderBy('id').execute()).map(
      ({ action }) => action,
    )

  it('loses what is older than it is kept', async () => {
    await write('old')
    await sql`update audit_log set at = now() - interval '366 days'`.execute(database.kysely)
    await write('young')
    expect(await purgeAuditLog(database, { days: 365, bytes: 1024 ** 3 }, NEVER)).toEqual({
      aged: 1,
      excess: 0,
    })
    expect(await actions()).toEqual(['young'])
  })

  it('loses its oldest entries where it takes more room than it may', async () => {
    const noise = sql<string>`(select string_agg(md5(random()::text), '') from generate_series(1, 2000))`
    for (let n = 0; n < 40; n++) {
      await write(String(n))
      await sql`update audit_log set detail = jsonb_build_object('a', ${noise}) where action = ${String(n)}`.execute(
        database.kysely,
      )
    }
    const { excess } = await purgeAuditLog(database, { days: 365, bytes: 1024 ** 2 }, NEVER)
    expect(excess).toBeGreaterThan(0)
    const left = await actions()
    expect(left.at(-1)).toBe('39')
    expect(left).toHaveLength(41 - excess)
  })
})

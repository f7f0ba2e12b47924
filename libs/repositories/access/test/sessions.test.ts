import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { createHash, randomBytes } from 'node:crypto'
import { beginSession } from '../src/sessions/begin-session.ts'
import { endSessions } from '../src/sessions/end-sessions.ts'
import { findSession } from '../src/sessions/find-session.ts'
import { listSessions } from '../src/sessions/list-sessions.ts'
import type { NewSession } from '../src/sessions/new-session.ts'

const LIMITS = { idleMs: 3_600_000, absoluteMs: 36_000_000, ofPerson: 3 }
const USE = { idleMs: LIMITS.idleMs, noteMs: 60_000 }

const newSession = (over: Partial<NewSession> = {}): NewSession => ({
  id: randomBytes(8).toString('hex'),
  sha256: createHash('sha256').update(randomBytes(32)).digest(),
  ...{ issuer: 'https://login.example', personId: randomBytes(4).toString('hex'), name: 'ann' },
  ...{ roles: ['viewer', 'sender'], providerSession: null, userAgent: 'a browser', address: '10.0.0.1' },
  ...over,
})

describe.each(ENGINES)('sessions of people on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())

  const begin = async (over: Partial<NewSession> = {}, limits = LIMITS, replaced?: Buffer) => {
    const session = newSession(over)
    await beginSession(database, session, limits, replaced)
    return session
  }
  const find = (session: NewSession) => findSession(database, session.sha256, USE)
  const shift = (session: NewSession, columns: string, ms: number) =>
    sql`update person_session set ${sql.raw(
      columns
        .split(',')
        .map((column) => `${column} = ${column} + ${ms} * interval '1 ms'`)
        .join(', '),
    )} where id = ${session.id}`.execute(database.kysely)

  it('are found by the hash of their token alone, as they were begun', async () => {
    const session = await begin()
    const { sha256: _, providerSession: __, ...shown } = session
    expect(await find(session)).toMatchObject(shown)
    expect(await find(newSession({ id: session.id }))).toBeUndefined()
  })

  it('end where they were not used for the idle time, and at the latest at their absolute end', async () => {
    const idle = await begin()
    await shift(idle, 'idle_ends_at', -LIMITS.idleMs - 1)
    expect(await find(idle)).toBeUndefined()
    const short = await begin({}, { ...LIMITS, absoluteMs: 1000 })
    const found = await find(short)
    expect(found?.idleEndsAt).toEqual(found?.endsAt)
  })

  it('go on while they are used, but never beyond the absolute end', async () => {
    const session = await begin()
    await shift(session, 'seen_at,idle_ends_at', -120_000)
    const before = await find(session)
    const after = await find(session)
    expect(after!.idleEndsAt.getTime()).toBeGreaterThan(before!.idleEndsAt.getTime() + 100_000)
    await sql`update person_session set seen_at = seen_at - interval '1 hour',
      ends_at = idle_ends_at + interval '1 s' where id = ${session.id}`.execute(database.kysely)
    await find(session)
    const { idleEndsAt, endsAt } = (await find(session))!
    expect(idleEndsAt.getTime()).toBeLessThanOrEqual(endsAt.getTime())
  })

  it('are so many of one person at most: a new one ends the oldest', async () => {
    const personId = 'bob'
    const sessions: NewSession[] = []
    for (let i = 0; i < 5; i++) sessions.push(await begin({ personId }))
    const found = await Promise.all(sessions.map(async (session) => (await find(session)) !== undefined))
    expect(found).toEqual([false, false, true, true, true])
  })

  it('replace the one that the browser had before', async () => {
    const before = await begin()
    const after = await begin({ personId: before.personId }, LIMITS, before.sha256)
    expect([await find(before), (await find(after))?.id]).toEqual([undefined, after.id])
  })

  it('are deleted once they have ended', async () => {
    const ended = await begin()
    await shift(ended, 'idle_ends_at', -LIMITS.idleMs - 1)
    await begin()
    const { rows } = await sql`select from person_session where id = ${ended.id}`.execute(database.kysely)
    expect(rows).toEqual([])
  })

  it('are listed of one person, and of all', async () => {
    const mine = await begin({ personId: 'mine' })
    const other = await begin({ personId: 'other' })
    const own = await listSessions(database, { issuer: mine.issuer, personId: 'mine' }, 10)
    expect(own.map(({ id }) => id)).toEqual([mine.id])
    const all = (await listSessions(database, undefined, 1000)).map(({ id }) => id)
    expect(all).toEqual(expect.arrayContaining([mine.id, other.id]))
    expect(JSON.stringify(own)).not.toContain('sha256')
  })

  it('are ended by their person, by id, and by the issuer; of others nothing ends', async () => {
    const { issuer } = newSession()
    const session = await begin({ personId: 'carol', providerSession: 'at-provider-1' })
    expect(await endSessions(database, { id: session.id, person: { issuer, personId: 'dave' } })).toEqual([])
    expect(await endSessions(database, { issuer, providerSession: 'at-provider-2' })).toEqual([])
    expect(await endSessions(database, { issuer, personId: 'carol', unnamed: true })).toEqual([])
    expect(await endSessions(database, { issuer: 'https://other.example', personId: 'carol' })).toEqual([])
    expect(await find(session)).toBeDefined()
    expect(await endSessions(database, { issuer, providerSession: 'at-provider-1' })).toEqual([session.id])
    const next = await begin({ personId: 'carol' })
    expect(await endSessions(database, { issuer, personId: 'carol' })).toEqual([next.id])
    const last = await begin({ personId: 'carol' })
    expect(await endSessions(database, { sha256: last.sha256 })).toEqual([last.id])
    expect(await find(last)).toBeUndefined()
  })

  it('leave in the audit log who began and ended them, and nothing of what was undone', async () => {
    const session = await begin({ personId: 'erin', name: 'erin' })
    const { issuer, id } = session
    const by = { actor: 'boss', action: 'revoke' } as const
    await endSessions(database, { id }, by)
    await endSessions(database, { id }, by)
    const refuse = () => Promise.reject(new Error('not any more'))
    const undone = newSession({ name: 'erin' })
    await expect(beginSession(database, undone, LIMITS, undefined, refuse)).rejects.toThrow('not any more')
    const { rows } = await sql`
      select actor, action, detail from audit_log
      where subject = 'session' and (detail ->> 'id' in (${id}, ${undone.id})) order by id`.execute(
      database.kysely,
    )
    const { personId, roles, address } = session
    expect(rows).toEqual([
      { actor: 'erin', action: 'sign-in', detail: { id, issuer, personId, roles, address } },
      { actor: 'boss', action: 'revoke', detail: { id, name: 'erin' } },
    ])
  })
})

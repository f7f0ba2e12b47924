import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createKey } from '@runnel/http'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { acceptRestoredKeys } from '../src/accept-restored-keys.ts'
import { noteUses } from '../src/note-uses.ts'
import { readKeyChanges } from '../src/read-key-changes.ts'
import { listKeys } from '../src/stored-key.ts'
import { addFirstKey, addKey, revokeKey, rotateKey } from '../src/write-keys.ts'
import { newKey } from './new-keys.ts'

describe.each(ENGINES)('keys on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())

  const version = async () => (await readKeyChanges(database.kysely, 0)).version
  const changedSince = async (since: number) => (await readKeyChanges(database.kysely, since)).keys
  const audited = async (id: string) =>
    (
      await sql<{ action: string; actor: string }>`
        select action, actor from audit_log where subject = 'key' and detail->>'id' = ${id} order by id`.execute(
        database.kysely,
      )
    ).rows

  it('are read back as they were stored, with their hash and without their secret', async () => {
    const before = await version()
    const key = newKey({
      kind: 'test',
      scopes: ['logs:write', 'logs:read'],
      networks: ['10.0.0.0/8'],
      namespace: 'shop',
      quotas: { requests: 10 },
      expiresAt: new Date('2100-01-01T00:00:00Z'),
    })
    await addKey(database, key, 'ann', 100)
    const [change] = await changedSince(before)
    expect(change).toMatchObject({
      ...{ id: key.id, kind: 'test', networks: ['10.0.0.0/8'], namespace: 'shop', quotas: { requests: 10 } },
      ...{ hashes: [{ sha256: key.sha256 }], expiresAtMs: Date.UTC(2100, 0) },
    })
    expect([...(change?.scopes ?? [])]).toEqual(['logs:write', 'logs:read'])
    const listed = (await listKeys(database)).find(({ id }) => id === key.id)
    expect(listed).toMatchObject({ name: 'a sender', state: 'active', createdBy: 'ann', lastUsedAt: null })
    expect(JSON.stringify(listed)).not.toContain(key.sha256.toString('hex'))
    expect(await audited(key.id)).toEqual([{ action: 'create', actor: 'ann' }])
  })

  it('are changes only since the version that is named', async () => {
    const [first, second] = [newKey(), newKey()]
    await addKey(database, first, 'x', 100)
    const between = await version()
    await addKey(database, second, 'x', 100)
    expect((await changedSince(between)).map(({ id }) => id)).toEqual([second.id])
    expect(await changedSince(await version())).toEqual([])
  })

  it('have two secrets while they are rotated, the old one with an end', async () => {
    const key = newKey()
    await addKey(database, key, 'x', 100)
    const { sha256 } = createKey(key.id)
    const before = await version()
    const rotated = await rotateKey(database, { id: key.id, sha256, overlapMs: 60_000 }, 'ben')
    const [change] = await changedSince(before)
    expect(change?.hashes).toMatchObject([{ sha256 }, { sha256: key.sha256 }])
    // A Date has cut what the other way rounds.
    const untilMs = rotated.oldSecretUntil?.getTime() ?? 0
    expect(Math.abs((change?.hashes[1]?.validUntilMs ?? 0) - untilMs)).toBeLessThanOrEqual(1)
    const again = { id: key.id, sha256: createKey(key.id).sha256, overlapMs: 1 }
    await expect(rotateKey(database, again, 'ben')).rejects.toMatchObject({ code: 'conflict' })
    await rotateKey(database, { ...again, overlapMs: 0 }, 'ben')
    expect((await changedSince(before))[0]?.hashes).toEqual([{ sha256: again.sha256 }])
    expect((await audited(key.id)).map(({ action }) => action)).toEqual(['create', 'rotate', 'rotate'])
  })

  it('end once and for all', async () => {
    const key = newKey()
    await addKey(database, key, 'x', 100)
    const revoked = await revokeKey(database, key.id, 'ann')
    expect(revoked).toMatchObject({ state: 'revoked', revokedBy: 'ann' })
    expect(await revokeKey(database, key.id, 'ben')).toEqual(revoked)
    const rotation = { id: key.id, sha256: createKey(key.id).sha256, overlapMs: 0 }
    await expect(rotateKey(database, rotation, 'x')).rejects.toMatchObject({ code: 'conflict' })
    await expect(revokeKey(database, 'a'.repeat(16), 'x')).rejects.toMatchObject({ code: 'not_found' })
    expect(await audited(key.id)).toHaveLength(2)
  })

  it('have a number that ends; those that ended long ago make room', async () => {
    const key = newKey()
    await addKey(database, key, 'x', 100)
    const { length } = await listKeys(database)
    await expect(addKey(database, newKey(), 'x', length)).rejects.toMatchObject({ code: 'conflict' })
    await revokeKey(database, key.id, 'x')
    await expect(addKey(database, newKey(), 'x', length)).rejects.toMatchObject({ code: 'conflict' })
    await sql`update api_key set revoked_at = now() - interval '91 days' where id = ${key.id}`.execute(
      database.kysely,
    )
    await addKey(database, newKey(), 'x', length)
  })

  it('have a first one, made by one of many', async () => {
    const made = await Promise.all([1, 2, 3].map(() => addFirstKey(database, newKey(), 'first start')))
    expect(made.filter(Boolean)).toHaveLength(1)
    expect(await addFirstKey(database, newKey(), 'first start')).toBe(false)
  })

  it('keep their latest use, in whichever order replicas write it', async () => {
    const key = newKey()
    await addKey(database, key, 'x', 100)
    const use = (minute: number) => new Map([[key.id, minute * 60_000]])
    await noteUses(database, use(20))
    await noteUses(database, use(10))
    await noteUses(database, new Map([['b'.repeat(16), 60_000]]))
    const listed = (await listKeys(database)).find(({ id }) => id === key.id)
    expect(listed?.lastUsedAt?.getTime()).toBe(20 * 60_000)
  })

  it('get versions above all others once a person accepts those of a backup', async () => {
    const before = await version()
    const keys = await acceptRestoredKeys(database)
    const changes = await readKeyChanges(database.kysely, before)
    expect(changes.keys).toHaveLength(keys)
    expect(changes.keys.every(({ changedIn }) => changedIn >= changes.floor)).toBe(true)
    expect(changes.floor).toBeGreaterThan(before)
    const next = newKey()
    await addKey(database, next, 'x', 100)
    expect((await changedSince(changes.version)).map(({ id }) => id)).toEqual([next.id])
  })
})

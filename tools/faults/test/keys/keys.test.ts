import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectDatabase } from '@runnel/repositories-database'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { readFileSync } from 'node:fs'
import { PASS } from '../../src/proxy/tcp-proxy.ts'
import { BROKEN, isAccepted, KeyAdmin, Load, send } from './key-client.ts'
import {
  IDENTITY_SECRET,
  LONG_STALE_MS,
  SNAPSHOT_SECRET,
  startKeyedReplicas,
  type KeyedReplicas,
} from './keyed-replicas.ts'

/** What is promised of a replica that reaches the broker. */
const OBEYS_WITHIN_MS = 5000

describe('keys on three replicas', () => {
  let platform: KeyedReplicas
  let admin: KeyAdmin
  /** Every key that was made: none of them may be found anywhere. */
  const texts: string[] = []

  beforeAll(async () => {
    platform = await startKeyedReplicas()
    admin = new KeyAdmin(platform.dispatcher, platform.adminKey)
  })
  afterAll(async () => platform[Symbol.asyncDispose]())

  const create = async () => {
    const made = await admin.create()
    texts.push(made.key)
    await eventually(async () => (await everyAnswer(made.key)).every(isAccepted))
    return made
  }
  const everyAnswer = (key: string, body?: string) =>
    Promise.all(platform.replicas.map((replica) => send(replica, key, body)))

  /** @returns milliseconds after the answer to the revocation at which the last accepted request was sent */
  const revokeUnderLoad = async (): Promise<number> => {
    const { id, key } = await create()
    const load = new Load(platform.replicas, () => key)
    await eventually(() => load.sent > 30)
    expect([...load.refused]).toEqual([])
    await admin.revoke(id)
    const revokedMs = performance.now()
    await eventually(async () => (await everyAnswer(key)).every(({ code }) => code === 'key_revoked'))
    // The load's own requests are further apart where replicas wait for a line that does not answer.
    await eventually(() => load.refused.size > 0)
    await load.stop()
    expect([...load.refused.keys()]).toEqual(['key_revoked'])
    return load.lastAcceptedMs - revokedMs
  }

  it('are rotated under load: no request is refused, and both secrets are accepted meanwhile', async () => {
    const { id, key } = await create()
    let current = key
    const load = new Load(platform.replicas, () => current)
    await eventually(() => load.sent > 30)
    const rotated = await admin.rotate(id)
    texts.push(rotated.key)
    await eventually(async () => (await everyAnswer(rotated.key)).every(isAccepted))
    current = rotated.key
    const until = load.sent + 60
    await eventually(() => load.sent > until)
    await load.stop()
    expect([...load.refused]).toEqual([])
    expect((await everyAnswer(key)).every(isAccepted)).toBe(true)
  })

  it('are revoked under load within 5 seconds', async () => {
    expect(await revokeUnderLoad()).toBeLessThan(OBEYS_WITHIN_MS)
  })

  it('are revoked within 5 seconds on replicas that reach the broker alone', async () => {
    platform.line.set({ type: 'half-open' })
    try {
      expect(await revokeUnderLoad()).toBeLessThan(OBEYS_WITHIN_MS)
    } finally {
      platform.line.set(PASS)
    }
  })

  // Within which time is shown by the tests of the directory, on a clock of their own.
  it('are revoked on replicas that reach PostgreSQL alone', async () => {
    const { id, key } = await create()
    await platform.services.nats.kill('SIGSTOP')
    try {
      await admin.revoke(id)
      await eventually(async () =>
        (await everyAnswer(key, BROKEN)).every(({ code }) => code === 'key_revoked'),
      )
    } finally {
      await platform.services.nats.kill('SIGCONT')
    }
    // The broker is back once a key that was made after that is accepted with an entry.
    const next = await create()
    await eventually(async () => (await everyAnswer(next.key)).every(({ status }) => status === 202))
  })

  it('are read from PostgreSQL again where connections to it went dead without a word, and the broker is away', async () => {
    await platform.services.nats.kill('SIGSTOP')
    try {
      platform.line.forget()
      const { id, key } = await admin.create()
      texts.push(key)
      const everyCode = async () => (await everyAnswer(key, BROKEN)).map((answer) => answer.code)
      await eventually(async () => (await everyAnswer(key, BROKEN)).every(isAccepted))
      await admin.revoke(id)
      await eventually(async () => (await everyCode()).every((code) => code === 'key_revoked'))
    } finally {
      await platform.services.nats.kill('SIGCONT')
    }
  })

  it('stand nowhere in what the processes wrote', async () => {
    const { dispatcher, replicas, services, adminKey } = platform
    const headers = { authorization: `Bearer ${adminKey}` }
    const processes = [dispatcher, ...replicas]
    const pages = processes.flatMap(({ url }) =>
      ['/metrics', '/docs/json', '/readyz'].map((path) => url + path),
    )
    const answers = await Promise.all(pages.map(async (url) => (await fetch(url, { headers })).text()))
    const database = connectDatabase({
      ...{ url: services.postgres.url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 },
    })
    const { rows } = await sql<{ dump: string }>`
      select query_to_xml('select * from api_key', true, true, '')::text
        || query_to_xml('select * from audit_log', true, true, '')::text
        || query_to_xml('select * from pg_stat_activity', true, true, '')::text as dump`.execute(
      database.kysely,
    )
    await database.close()
    const titles = processes.map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    // The first admin key is printed, once.
    const logs = processes.map((process) => process.logs().replace(adminKey, ''))
    const written = [
      ...answers,
      ...rows.map(({ dump }) => dump),
      ...titles,
      ...logs,
      platform.readSnapshots(),
    ]
    const secrets = [adminKey, ...texts].map((key) => key.split('_')[2]!)
    for (const secret of [...secrets, IDENTITY_SECRET, SNAPSHOT_SECRET])
      expect(written.filter((text) => text.includes(secret)).map((text) => text.slice(0, 200))).toEqual([])
    // What was searched is there.
    expect(written.join('').length).toBeGreaterThan(20_000)
    expect(platform.readSnapshots()).toContain(texts[0]?.split('_')[1])
  })

  it('are accepted for KEYS_STALE_MS by replicas that reach neither, and by none after that', async () => {
    const { key } = await create()
    await eventually(() => platform.readSnapshots('replica-0').includes(key.split('_')[1]!))
    platform.line.set({ type: 'half-open' })
    await platform.services.nats.stop()
    expect((await everyAnswer(key, BROKEN)).every(isAccepted)).toBe(true)
    const restarted = await platform.startReplica('replica-0', LONG_STALE_MS)
    const fresh = await platform.startReplica('none', LONG_STALE_MS)
    expect(isAccepted(await send(restarted, key, BROKEN))).toBe(true)
    expect(await send(fresh, key)).toEqual({ status: 503, code: 'access_unavailable' })
    await eventually(async () => (await everyAnswer(key)).every(({ code }) => code === 'access_unavailable'))
    expect(isAccepted(await send(restarted, key, BROKEN))).toBe(true)
    expect(restarted.logs()).toContain('the API keys are not confirmed')
    platform.line.set(PASS)
    await platform.services.nats.restart()
    await eventually(async () => {
      const all = [...platform.replicas, restarted, fresh]
      return (await Promise.all(all.map((replica) => send(replica, key, BROKEN)))).every(isAccepted)
    })
  })
})

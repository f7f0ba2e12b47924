import { afterEach, beforeEach, describe, expect, it, jest, test } from '@jest/globals'
import { createLogger } from '@runnel/observability'
import { eventually } from '@runnel/testing'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKey } from '@runnel/http'
import { KeyUsage, type CountsByKey } from '../src/directory/key-usage.ts'
import type { KeyChange, KeyChanges } from '../src/directory/key-changes.ts'
import { followKeys, type FollowedKeys, type FollowKeysOptions } from '../src/directory/follow-keys.ts'
import { seal } from '../src/directory/seal.ts'

const STALE_MS = 900_000
const SUBJECTS = { keys: 'keys', keysWanted: 'keys.wanted' }
const SECRET = 'notice secret'

/** What PostgreSQL holds, and whether it answers. */
class Store {
  reachable = true
  version = 0
  floor = 0
  readonly keys = new Map<string, KeyChange>()
  readonly uses = new Map<string, number>()
  readonly usage: { readonly counts: CountsByKey; readonly ageMs: number }[] = []

  put(over: Partial<KeyChange> = {}): string {
    const { id, sha256 } = createKey(over.id)
    const changedIn = ++this.version
    const fixed = { name: 'x', kind: 'live', scopes: new Set(['logs:write'] as const), networks: [] } as const
    this.keys.set(id, { ...fixed, id, hashes: [{ sha256 }], namespace: '', quotas: {}, ...over, changedIn })
    return id
  }

  revoke(id: string): void {
    this.put({ ...(this.keys.get(id) as KeyChange), revokedAtMs: 1 })
  }

  read = async (since: number): Promise<KeyChanges> => {
    if (!this.reachable) throw new Error('no PostgreSQL')
    const keys = [...this.keys.values()].filter(({ changedIn }) => changedIn > since)
    const { version, floor } = this
    const inOrder = keys.sort((a, b) => a.changedIn - b.changedIn)
    return { from: since, to: version, version, floor, atMs: Date.now(), keys: inOrder }
  }

  writeUsage = async (counts: CountsByKey, ageMs: number): Promise<void> => {
    if (!this.reachable) throw new Error('no PostgreSQL')
    this.usage.push({ counts: new Map(counts), ageMs })
  }

  writeUses = async (uses: ReadonlyMap<string, number>): Promise<void> => {
    if (!this.reachable) throw new Error('no PostgreSQL')
    for (const [id, atMs] of uses) this.uses.set(id, atMs)
  }
}

/** A broker that a replica may not reach. */
class Channel {
  readonly listeners = new Map<string, Set<(payload: Uint8Array) => void>>()
  readonly sent: Uint8Array[] = []

  connect(isReachable: () => boolean) {
    return {
      send: (subject: string, payload: Uint8Array) => {
        if (!isReachable()) return
        this.sent.push(payload)
        for (const receive of this.listeners.get(subject) ?? []) receive(payload)
      },
      subscribe: (subject: string, receive: (payload: Uint8Array) => void) => {
        const guarded = (payload: Uint8Array) => isReachable() && receive(payload)
        const set = this.listeners.get(subject) ?? new Set()
        this.listeners.set(subject, set.add(guarded))
        return () => void set.delete(guarded)
      },
    }
  }
}

describe('the directory of keys', () => {
  let folder: string
  let store: Store
  let channel: Channel
  let abort: AbortController
  let time: { ms: number }
  let brokerReachable: boolean
  const following: FollowedKeys[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runnel-keys-'))
    store = new Store()
    channel = new Channel()
    abort = new AbortController()
    time = { ms: 0 }
    brokerReachable = true
  })
  afterEach(async () => {
    abort.abort()
    await Promise.all(following.splice(0).map((keys) => keys.close()))
    rmSync(folder, { recursive: true })
  })

  const follow = async (over: Partial<FollowKeysOptions> = {}) => {
    const keys = await followKeys({
      log: createLogger('test', 'silent'),
      staleMs: STALE_MS,
      ...{ read: store.read, writeUses: store.writeUses, writeUsage: store.writeUsage },
      ...{ signal: abort.signal, nowMs: () => time.ms },
      ...over,
    })
    following.push(keys)
    return keys
  }
  const noticesOf = (isReachable: () => boolean) => ({
    notices: { channel: channel.connect(isReachable), subjects: SUBJECTS, secret: SECRET },
  })
  const withoutPostgres = (over: Partial<FollowKeysOptions> = {}) =>
    follow({
      read: () => Promise.reject(new Error('not reached')),
      ...noticesOf(() => brokerReachable),
      ...over,
    })
  const announcer = () => follow({ announces: true, ...noticesOf(() => true) })
  const file = () => ({ snapshot: { file: join(folder, 'keys'), secret: 'file secret' } })
  const savedFile = async () => {
    const keys = await follow(file())
    abort.abort()
    await keys.close()
    following.splice(0)
    abort = new AbortController()
    return join(folder, 'keys')
  }

  it('knows the keys of PostgreSQL once it has started', async () => {
    const id = store.put()
    const keys = await follow()
    expect(keys.state).toBe('fresh')
    expect(keys.find(id)).toMatchObject({ id })
    expect(keys.describe()).toBeUndefined()
  })

  it('keeps the record of a key until the key is changed', async () => {
    const [one, other] = [store.put(), store.put()]
    const keys = await follow()
    const before = [keys.find(one), keys.find(other)]
    store.revoke(other)
    await keys.refresh()
    expect(keys.find(one)).toBe(before[0])
    expect(keys.find(other)).not.toBe(before[1])
    expect(keys.find(other)).toMatchObject({ revokedAtMs: 1 })
  })

  it('finds a change by polling alone', async () => {
    const id = store.put()
    const keys = await follow()
    store.revoke(id)
    await eventually(() => keys.find(id)?.revokedAtMs === 1)
  })

  describe('on a line where connections are dead', () => {
    const OBEYS_WITHIN_MS = 5000
    let dead: number

    beforeEach(() => {
      jest.useFakeTimers()
      dead = 0
    })
    afterEach(() => void jest.useRealTimers())

    const read = (since: number) => (dead-- > 0 ? new Promise<never>(() => {}) : store.read(since))

    it.each([0, 1, 2])(
      'obeys a revocation within 5 seconds, at whatever time it comes, where %i in a row never answer',
      async (connections) => {
        for (const beforeMs of [0, 500, 1000, 1500, 1999]) {
          const id = store.put()
          const keys = await follow({ read })
          await jest.advanceTimersByTimeAsync(beforeMs)
          store.revoke(id)
          dead = connections
          await jest.advanceTimersByTimeAsync(OBEYS_WITHIN_MS)
          expect(keys.find(id)?.revokedAtMs).toBe(1)
        }
      },
    )

    it('obeys what is read too late, so that a slow PostgreSQL is obeyed too', async () => {
      const id = store.put()
      const keys = await follow({
        read: async (since) => {
          const changes = await store.read(since)
          if (since > 0) await new Promise((resolve) => setTimeout(resolve, 1500))
          return changes
        },
      })
      store.revoke(id)
      await jest.advanceTimersByTimeAsync(OBEYS_WITHIN_MS)
      expect(keys.find(id)?.revokedAtMs).toBe(1)
    })
  })

  it('obeys a notice where PostgreSQL is not reached', async () => {
    const id = store.put()
    const dispatcher = await announcer()
    const keys = await withoutPostgres()
    await eventually(() => keys.state === 'fresh')
    expect(keys.find(id)).toMatchObject({ id })
    store.revoke(id)
    await dispatcher.refresh()
    expect(keys.find(id)).toMatchObject({ revokedAtMs: 1 })
  })

  it('asks for changes that it missed', async () => {
    const dispatcher = await announcer()
    const keys = await withoutPostgres()
    await eventually(() => keys.state === 'fresh')
    brokerReachable = false
    const missed = store.put()
    for (let n = 0; n < 100; n++) store.put()
    await dispatcher.refresh()
    expect(keys.find(missed)).toBeUndefined()
    brokerReachable = true
    await eventually(() => keys.find(missed) !== undefined)
  })

  it('obeys notices that either secret signed, while one is rotated', async () => {
    const secretSecond = 'the secret before, of many characters'
    const keys = await withoutPostgres({
      notices: { ...noticesOf(() => true).notices, secretSecond },
    })
    const text = JSON.stringify({ ...(await store.read(0)), keys: [] })
    channel.connect(() => true).send(SUBJECTS.keys, seal(secretSecond, 'key-notice', text))
    expect(keys.state).toBe('fresh')
  })

  it('ignores what the installation did not sign', async () => {
    const keys = await withoutPostgres()
    const changes = await store.read(0)
    const sender = channel.connect(() => true)
    const text = JSON.stringify({ ...changes, keys: [] })
    sender.send(SUBJECTS.keys, seal('another secret', 'key-notice', text))
    sender.send(SUBJECTS.keys, seal(SECRET, 'key-snapshot', text))
    sender.send(SUBJECTS.keys, Buffer.from(text))
    expect(keys.state).toBe('unknown')
    sender.send(SUBJECTS.keys, seal(SECRET, 'key-notice', text))
    expect(keys.state).toBe('fresh')
  })

  it('is neither set back nor kept fresh by notices that are sent again', async () => {
    const id = store.put()
    const dispatcher = await announcer()
    const keys = await withoutPostgres()
    await eventually(() => keys.state === 'fresh')
    await dispatcher.refresh()
    const notices = [...channel.sent]
    store.revoke(id)
    await dispatcher.refresh()
    const last = channel.sent.at(-1) as Uint8Array
    abort.abort()
    time.ms += STALE_MS + 1
    for (const notice of [...notices, last]) channel.connect(() => true).send(SUBJECTS.keys, notice)
    expect(keys.find(id)).toMatchObject({ revokedAtMs: 1 })
    expect(keys.state).toBe('stale')
  })

  it('goes on for KEYS_STALE_MS where it reaches neither, says so, and recovers', async () => {
    store.put()
    const keys = await follow()
    store.reachable = false
    time.ms += STALE_MS - 60_000
    expect(keys.state).toBe('fresh')
    expect(keys.describe()).toContain('confirmed 840 s ago')
    time.ms += 60_001
    expect(keys.state).toBe('stale')
    expect(keys.describe()).toContain('no key is accepted')
    store.reachable = true
    await keys.refresh()
    expect(keys.state).toBe('fresh')
  })

  it('accepts no key where nothing was ever read', async () => {
    store.reachable = false
    const keys = await follow(file())
    expect(keys.state).toBe('unknown')
    expect(keys.describe()).toContain('not known')
  })

  it('starts from its file while PostgreSQL is unreachable, no younger than it was', async () => {
    const id = store.put()
    await savedFile()
    store.reachable = false
    const keys = await follow(file())
    expect(keys.find(id)).toMatchObject({ id, scopes: new Set(['logs:write']) })
    expect(keys.find(id)?.hashes).toEqual(store.keys.get(id)?.hashes)
    expect(keys.state).toBe('fresh')
    const later = await follow({ ...file(), wallMs: () => Date.now() + STALE_MS + 1 })
    expect(later.state).toBe('stale')
    const earlier = await follow({ ...file(), wallMs: () => Date.now() - 120_000 })
    expect(earlier.state).toBe('unknown')
  })

  it('does not believe a file that was changed or signed by another secret', async () => {
    store.put()
    const path = await savedFile()
    store.reachable = false
    const other = await follow({ snapshot: { file: path, secret: 'another' } })
    expect(other.state).toBe('unknown')
    const bytes = readFileSync(path)
    bytes[bytes.length - 10]! ^= 1
    writeFileSync(path, bytes)
    expect((await follow(file())).state).toBe('unknown')
  })

  it('never puts an older version into the file', async () => {
    store.put()
    const path = await savedFile()
    const newer = readFileSync(path)
    const behind = await follow({
      ...file(),
      read: async () => ({ ...(await store.read(0)), to: 0, version: 0, keys: [] }),
    })
    abort.abort()
    await behind.close()
    expect(readFileSync(path).subarray(32).toString()).toContain('"version":1')
    expect(newer.length).toBeGreaterThan(0)
  })

  it('refuses to go back with a database that knows less, until a person accepts it', async () => {
    const [kept, lost] = [store.put(), store.put()]
    const keys = await follow()
    store.keys.delete(lost)
    store.version = 1
    time.ms += STALE_MS + 1
    await keys.refresh()
    expect(keys.state).toBe('stale')
    store.version = 1000
    store.floor = 1001
    store.put(store.keys.get(kept))
    await keys.refresh()
    expect(keys.state).toBe('fresh')
    expect(keys.find(kept)).toBeDefined()
    expect(keys.find(lost)).toBeUndefined()
  })

  it('writes down uses by the minute, and keeps them while PostgreSQL is unreachable', async () => {
    const id = store.put()
    const keys = await follow()
    keys.noteUse(id, Date.UTC(2026, 0, 1, 10, 20, 30))
    store.reachable = false
    abort.abort()
    await keys.close()
    expect(store.uses.size).toBe(0)
    store.reachable = true
    await keys.close()
    expect(store.uses.get(id)).toBe(Date.UTC(2026, 0, 1, 10, 20))
  })

  it('writes down what keys did, and keeps it while PostgreSQL is unreachable, with its time', async () => {
    const id = store.put()
    const keys = await follow()
    keys.countsOf(id).requests += 2
    store.reachable = false
    abort.abort()
    await keys.close()
    time.ms += 600_000
    keys.countsOf(id).requests += 1
    keys.countsOf(id).bytes += 7
    store.reachable = true
    await keys.close()
    await keys.close()
    expect(store.usage).toEqual([
      { counts: new Map([[id, { requests: 2, refused: 0, events: 0, bytes: 0 }]]), ageMs: 600_000 },
      { counts: new Map([[id, { requests: 1, refused: 0, events: 0, bytes: 7 }]]), ageMs: 0 },
    ])
  })
})

test('what waits of the use of keys is bounded: the oldest becomes one', async () => {
  let nowMs = 0
  const usage = new KeyUsage(() => nowMs)
  const away = () => Promise.reject(new Error('away'))
  for (; nowMs < 100 * 300_000; nowMs += 300_000) {
    usage.countsOf('a').requests++
    await usage.flush(away).catch(() => undefined)
  }
  const requests: number[] = []
  await usage.flush(async (counts) => void requests.push(counts.get('a')!.requests))
  expect(requests).toEqual([89, ...Array.from({ length: 11 }, () => 1)])
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  eventually,
  findBinary,
  connectRedisOnce,
  runIf,
  startRedis,
  startRedisSentinel,
  type ManagedProcess,
} from '@runnel/testing'
import { connectRedis } from '../src/connect-redis.ts'
import { createCacheKeys } from '../src/index.ts'
import { createLogger } from '@runnel/observability'
import { createSource, PATIENT_MS, startReplica, type Replica } from './replica.ts'

const DATA = 'data-password'
const WATCH = 'sentinel-password'
const keys = createCacheKeys('')

/** Two servers and a sentinel, each kind with a password of its own. */
async function startGroup() {
  await using starting = new AsyncDisposableStack()
  const login = ['--requirepass', DATA, '--masterauth', DATA, '--repl-diskless-sync-delay', '0']
  const probe = async (url: string) => {
    const client = connectRedisOnce(url.replace('//', `//:${DATA}@`))
    try {
      await client.connect()
    } finally {
      client.disconnect()
    }
  }
  const master = starting.use(await startRedis({ args: login, probe }))
  const args = [...login, '--replicaof', '127.0.0.1', String(master.port)]
  const replica = starting.use(await startRedis({ args, probe }))
  const sentinel = starting.use(
    await startRedisSentinel({
      ...{ master: 'group', masterPort: master.port, masterPassword: DATA, password: WATCH },
    }),
  )
  const running = starting.move()
  return { master, replica, sentinel, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

runIf(
  findBinary('redis-server') !== undefined,
  describe,
  'Redis is not installed',
)('Redis behind sentinels', () => {
  let group: Awaited<ReturnType<typeof startGroup>>
  let url: string
  const opened: { close(): void }[] = []

  const open = async (): Promise<Replica> => {
    const started = await startReplica(url, { sentinel: { username: '', password: WATCH } })
    opened.push(started.remote)
    return started
  }
  /** Runs commands at one server. */
  const at = async <T>(
    server: ManagedProcess,
    run: (redis: ReturnType<typeof connectRedisOnce>) => Promise<T>,
  ) => {
    const client = connectRedisOnce(server.url.replace('//', `//:${DATA}@`))
    try {
      await client.connect()
      return await run(client)
    } finally {
      client.disconnect()
    }
  }
  const isReplicaInStep = () =>
    at(group.replica, async (redis) => /master_link_status:up/.test(await redis.info('replication')))

  beforeAll(async () => {
    group = await startGroup()
    url = `redis+sentinel://:${DATA}@127.0.0.1:${group.sentinel.port}/group/0`
    await eventually(isReplicaInStep)
    // The sentinel promotes only what it has seen.
    const watched = connectRedisOnce(group.sentinel.url.replace('//', `//:${WATCH}@`))
    await watched.connect()
    await eventually(
      async () => ((await watched.call('SENTINEL', 'REPLICAS', 'group')) as unknown[]).length === 1,
    )
    watched.disconnect()
  }, 60_000)
  afterAll(async () => {
    opened.forEach((connection) => connection.close())
    await group?.[Symbol.asyncDispose]()
  })

  it('a wrong password at the sentinels is no connection, and stands in no log', async () => {
    const lines: string[] = []
    const log = createLogger('test', 'silent')
    const note = (fields: object) =>
      void lines.push(
        JSON.stringify(fields, (_, value) => (value instanceof Error ? String(value.stack) : value)),
      )
    log.debug = note as typeof log.debug
    log.warn = note as typeof log.warn
    const connection = connectRedis(url, log, { sentinel: { username: '', password: 'a-wrong-one' } })
    await eventually(() => /WRONGPASS|invalid username-password/.test(lines.join()))
    expect(connection.connected()).toBe(false)
    connection.close()
    expect(lines.join()).not.toMatch(/a-wrong-one|data-password/)
  })

  it('is found by them, and followed when its master is killed; what the replica missed is never fresh in a process that knows of it', async () => {
    const a = await open()
    const b = await open()
    const source = createSource('before')
    const key = keys.product(1)
    await a.cache.get(key, source.load)
    await eventually(() => at(group.replica, async (redis) => (await redis.exists(key.entry)) === 1))

    // The replica hears of nothing from here on, and so lacks the fence of the next change.
    await at(group.replica, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'master'))
    await at(group.replica, (redis) => redis.config('SET', 'masterauth', 'wrong'))
    await at(group.replica, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'master'))
    await eventually(async () => !(await isReplicaInStep()))
    const version = source.commit('after')
    for (const { cache } of [a, b]) cache.changed(keys.productChange([1]), version)
    await eventually(async () => (await a.remote.read(key))?.found === undefined)
    await group.master.kill('SIGKILL')
    const during = await a.cache.get(key, source.load)
    expect(during.entry.body?.toString()).toBe('after')

    // Promoted, with the entry of before.
    await eventually(() =>
      at(group.replica, async (redis) => /role:master/.test(await redis.info('replication'))),
    )
    const found = await eventually(async () => (await b.remote.read(key))?.found)
    expect(found.entry.body?.toString()).toBe('before')
    expect((await b.cache.get(key, source.load)).entry.body?.toString()).toBe('after')
    await eventually(async () => (await a.remote.read(key))?.found?.entry.body?.toString() === 'after')
  }, 60_000)

  it('a master that became a replica refuses reads, and is left', async () => {
    const { remote } = await open()
    const key = keys.product(2)
    await eventually(async () => (await remote.read(key)) !== undefined)
    const direct = connectRedis(
      group.replica.url.replace('//', `//:${DATA}@`),
      createLogger('test', 'silent'),
      {
        commandTimeoutMs: PATIENT_MS,
      },
    )
    opened.push(direct)
    await eventually(async () => (await direct.read(key)) !== undefined)
    await at(group.replica, (redis) => redis.call('REPLICAOF', '127.0.0.1', '1'))
    expect(await direct.read(key)).toBeUndefined()
  }, 60_000)
})

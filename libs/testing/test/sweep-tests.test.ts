import { expect, test } from '@jest/globals'
import { connect } from 'nats'
import {
  connectForAdministration,
  connectRedisOnce,
  natsOptions,
  startNats,
  startPostgres,
  startRedis,
  sweepTests,
} from '../src/index.ts'

const HOUR_MS = 3600 * 1000
const runOf = (ageHours: number) => Math.trunc(Date.now() - ageHours * HOUR_MS).toString(36)
const ended = runOf(0.5)
const swept = [`${runOf(5)}_0123456789`, `${ended}_0123456789`]
const kept = [`${runOf(1)}_0123456789`]

test('after a run its leftovers and stale ones go from all services; what others use stays', async () => {
  await using postgres = await startPostgres()
  await using nats = await startNats()
  await using redis = await startRedis()
  const client = await connectForAdministration(postgres.url)
  const connection = await connect(natsOptions(nats.url))
  const { streams } = await connection.jetstreamManager()
  const cache = connectRedisOnce(redis.url)
  await cache.connect()
  for (const id of [...swept, ...kept]) {
    await client.query(`create database runnel_test_${id}`)
    await streams.add({ name: `rt_${id}_logs`, subjects: [`rt_${id}.logs`] })
    await cache.set(`rt_${id}:product:1`, 'x')
  }
  await client.query('create database runnel')
  await streams.add({ name: 'logs', subjects: ['logs'] })
  await cache.set('product:1', 'x')

  await sweepTests({ DATABASE_URL: postgres.url, NATS_URL: nats.url, REDIS_URL: redis.url }, ended)

  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname like 'runnel%'`,
  )
  expect(rows.map(({ datname }) => datname).sort()).toEqual(['runnel', `runnel_test_${kept[0]}`])
  const names: string[] = []
  for await (const name of streams.names()) names.push(name)
  expect(names.sort()).toEqual(['logs', `rt_${kept[0]}_logs`])
  expect((await cache.keys('*')).sort()).toEqual(['product:1', `rt_${kept[0]}:product:1`])
  await client.end()
  await connection.close()
  cache.disconnect()
})

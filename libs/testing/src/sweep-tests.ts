import { connect } from 'nats'
import type { Client } from 'pg'
import { natsOptions } from './servers/probe-nats.ts'
import { connectForAdministration } from './servers/probe-postgres.ts'
import { connectRedisOnce } from './servers/probe-redis.ts'
import type { ServiceUrls } from './service-urls.ts'
import { isTestLeftover, TEST_DATABASE_PREFIX, TEST_PREFIX } from './test-names.ts'

/**
 * Removes what tests left in all three services: those of `endedRun`, and those of runs that were killed hours ago.
 *
 * @throws Error of the first service that fails
 */
export async function sweepTests(urls: ServiceUrls, endedRun?: string): Promise<void> {
  const client = await connectForAdministration(urls.DATABASE_URL)
  try {
    await sweepTestDatabases(client, endedRun)
  } finally {
    await client.end()
  }
  await cleanStreams(urls.NATS_URL, (name) => isTestLeftover(name, endedRun))
  await sweepKeys(urls.REDIS_URL, endedRun)
}

/** Drops the databases that tests left behind. */
export async function sweepTestDatabases(client: Client, endedRun?: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [TEST_DATABASE_PREFIX],
  )
  for (const { datname } of rows)
    if (isTestLeftover(datname, endedRun))
      await client.query(`drop database if exists "${datname}" with (force)`)
}

/** Deletes the streams whose name `isOurs` accepts. */
export async function cleanStreams(url: string, isOurs: (name: string) => boolean): Promise<void> {
  const connection = await connect(natsOptions(url))
  try {
    const manager = await connection.jetstreamManager()
    for await (const stream of manager.streams.names())
      if (isOurs(stream)) await manager.streams.delete(stream)
  } finally {
    await connection.close()
  }
}

async function sweepKeys(url: string, endedRun: string | undefined): Promise<void> {
  const client = connectRedisOnce(url)
  try {
    await client.connect()
    for await (const keys of client.scanStream({ match: `${TEST_PREFIX}*`, count: 500 }) as AsyncIterable<
      string[]
    >) {
      const ours = keys.filter((key) => isTestLeftover(key, endedRun))
      if (ours.length > 0) await client.unlink(...ours)
    }
  } finally {
    client.disconnect()
  }
}

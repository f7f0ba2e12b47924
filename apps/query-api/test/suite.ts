import { afterAll, beforeAll } from '@jest/globals'
import { createTestDatabase, testPrefix, type TestDatabase } from '@runnel/testing'
import { openWriter, type Writer } from './builders.ts'
import { cleanRedis } from './clean-redis.ts'
import { startApi, type Api, type StartOptions } from './start-api.ts'

/** A database, a writer and a replica for all tests of a file. */
export function useSuite(options: Omit<Partial<StartOptions>, 'prefix' | 'databaseUrl'> = {}) {
  const prefix = testPrefix()
  const suite = {} as { database: TestDatabase; writer: Writer; api: Api; prefix: string }
  suite.prefix = prefix
  beforeAll(async () => {
    suite.database = await createTestDatabase()
    suite.writer = await openWriter(suite.database.url)
    suite.api = await startApi({ databaseUrl: suite.database.url, prefix, ...options })
  })
  afterAll(async () => {
    await suite.api?.close()
    await suite.writer?.close()
    await suite.database?.drop()
    await cleanRedis(prefix)
  })
  return suite
}

import { connectForAdministration, withDatabase } from './servers/probe-postgres.ts'
import { TEST_DATABASE_PREFIX } from './test-names.ts'
import { DatabaseError, type Client } from 'pg'
import { findTemplate } from './database-template.ts'
import { uniqueTestId } from './run-id.ts'
import { serviceUrls } from './service-urls.ts'

export interface TestDatabase {
  readonly url: string
  readonly name: string
  /** Ends the connections to it and removes it. */
  drop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface TestDatabaseOptions {
  /** The server, with a login that may create databases. Default: DATABASE_URL, else the standard local port. */
  readonly serverUrl?: string | undefined
  /** Default: true. Without, the database is empty. */
  readonly migrated?: boolean
}

/** Another CREATE DATABASE is copying the template at this moment. */
const OBJECT_IN_USE = '55006'
const TRIES = 20

/**
 * A database of this test's own, with all migrations applied. They run once per state of libs/repositories; from
 * then on the database is a copy of a template, which takes some tens of milliseconds.
 *
 * @throws Error when no server answers, or a migration fails
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = options.serverUrl ?? serviceUrls().DATABASE_URL
  const name = TEST_DATABASE_PREFIX + uniqueTestId()
  await administer(serverUrl, async (client) => {
    const template = options.migrated === false ? 'template0' : await findTemplate(client, serverUrl)
    await copyDatabase(client, template, name)
  })
  const drop = () =>
    administer(serverUrl, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`)
    })
  return { url: withDatabase(serverUrl, name), name, drop, [Symbol.asyncDispose]: drop }
}

async function copyDatabase(client: Client, template: string, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await client.query(`create database ${name} template ${template}`)
      return
    } catch (error) {
      const busy = error instanceof DatabaseError && error.code === OBJECT_IN_USE
      if (!busy || tries === TRIES) throw error
    }
  }
}

async function administer(serverUrl: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = await connectForAdministration(serverUrl).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `No PostgreSQL for tests at ${new URL(serverUrl).host} (${reason}): set DATABASE_URL, or run npm test, which starts one`,
      { cause },
    )
  })
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

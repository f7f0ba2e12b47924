import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrateDatabase } from './migrate-database.ts'
import { sweepTestDatabases } from './sweep-tests.ts'
import { TEST_DATABASE_PREFIX } from './test-names.ts'
import { withDatabase } from './servers/probe-postgres.ts'
import type { Client } from 'pg'
import { uniqueTestId } from './run-id.ts'
import { workspaceRoot } from './workspace-root.ts'

/**
 * The name of a migrated database to copy from, made when there is none yet. It is made under another name and
 * renamed when it is whole, so that a crash half-way leaves no half-migrated template.
 */
export async function findTemplate(client: Client, serverUrl: string): Promise<string> {
  const hash = hashMigrations()
  const suffix = `_template_${hash}`
  await client.query('select pg_advisory_lock(hashtext($1))', [suffix])
  try {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1) and right(datname, length($2)) = $2',
      [TEST_DATABASE_PREFIX, suffix],
    )
    if (rows[0] !== undefined) return rows[0].datname
    await sweepTestDatabases(client)
    return await makeTemplate(client, serverUrl, suffix)
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [suffix])
  }
}

async function makeTemplate(client: Client, serverUrl: string, suffix: string): Promise<string> {
  const name = TEST_DATABASE_PREFIX + uniqueTestId()
  await client.query(`create database ${name} template template0`)
  try {
    await migrateDatabase(withDatabase(serverUrl, name))
  } catch (error) {
    await client.query(`drop database ${name} with (force)`)
    throw error
  }
  await client.query(`alter database ${name} rename to ${name}${suffix}`)
  return name + suffix
}

/** Changes with every file from which the schema is made. */
export function hashMigrations(): string {
  const folder = join(workspaceRoot, 'libs/repositories/database/src')
  const hash = createHash('sha256')
  for (const file of globSync('**/*.ts', { cwd: folder }).sort()) {
    if (file.endsWith('.test.ts')) continue
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex').slice(0, 12)
}
